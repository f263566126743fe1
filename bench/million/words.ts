/** Sentences that logs are made of: words as common and as rare as those of a language are. */
export function makeSentences(count: number): readonly string[] {
  const random = generator(4_711);
  const words = Array.from({ length: 8_000 }, (_, index) => word(index, random));
  return Array.from({ length: count }, () =>
    // By the fourth power: the first hundred words are a third of all that is said.
    Array.from({ length: 10 }, () => words[Math.floor(8_000 * random() ** 4)]).join(' '),
  );
}

/** A word of few syllables when it is common, and of more when it is rare. */
function word(rank: number, random: () => number): string {
  const syllables = rank < 50 ? 1 : rank < 2_000 ? 2 : 3;
  return Array.from({ length: syllables }, () => {
    const of = (parts: readonly string[]) => parts[Math.floor(random() * parts.length)];
    return `${of(onsets)}${of(vowels)}${of(codas)}`;
  }).join('');
}

const onsets = 'b c d f g h l m n p r s t v w st tr pl ch sh'.split(' ');
const vowels = 'a e i o u ea ou'.split(' ');
const codas = ['', '', 'n', 'r', 'l', 's', 't', 'm', 'nd', 'st', 'ck', 'ng'];

/** Numbers from 0 to 1, the same in each run: Marsaglia’s xorshift of 32 bits. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
