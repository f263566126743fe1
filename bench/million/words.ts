/** Sentences for the logs, with words of realistic frequencies. */
export function makeSentences(count: number): readonly string[] {
  const random = generator(4_711);
  const words = Array.from({ length: 8_000 }, (_, index) => word(index, random));
  return Array.from({ length: count }, () =>
    // The fourth power gives the first hundred words a third of all occurrences.
    Array.from({ length: 10 }, () => words[Math.floor(8_000 * random() ** 4)]).join(' '),
  );
}

/** Common words have few syllables, rare words more. */
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

/** Pseudo-random numbers from 0 to 1, the same in each run: Marsaglia’s 32-bit xorshift. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
