/**
 * Words that common passwords are made of. Passwords with fewer than twelve characters are refused
 * anyway, so of the lists of common ones only those are left that repeat or join these words, walk
 * along the keyboard, or add digits.
 */
const words = new Set(
  `password passwort passw passwd motdepasse contrasena senha parola haslo secret secure security
  admin administrator root user guest test testing demo default login welcome changeme letmein
  enter open access master super superuser system server service computer internet network
  qwerty qwertz azerty asdf asdfgh zxcvb zxcvbn qazwsx qweasd qweasdzxc keyboard
  love iloveyou loveyou lovely baby princess angel sunshine flower monkey dragon tiger lion eagle
  football baseball basketball hockey soccer liverpool arsenal chelsea barcelona realmadrid
  batman superman spiderman starwars pokemon naruto matrix trustno shadow killer hunter ranger
  michael jordan jennifer jessica ashley daniel thomas george charlie andrew robert matthew
  summer winter spring autumn monday friday january december hello world freedom whatever nothing
  google facebook microsoft apple samsung linkedin yahoo company business office
  loopwright humanloop agent agents chatgpt openai anthropic claude
  abc abcd abcde abcdef abcdefg the and you for my is of in it this that me new one two three`.split(
    /\s+/,
  ),
);

const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
];
const walks = [...rows, ...rows.map((row) => [...row].toReversed().join(''))];

/** What people write in place of letters. */
const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * Whether a password is among those that are guessed first: common words, steps along the keyboard,
 * repeated characters, digits and signs, and nothing else.
 *
 * @param own texts of its owner, in lower case, which count as common.
 */
export function isCommonPassword(password: string, own: readonly string[] = []): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < 5) return true;
  const known = new Set([...words, ...own.filter((word) => word.length >= 3)]);
  const asWritten = [...text].map((character) => letters[character] ?? character).join('');
  return [text, asWritten].some((form) => uncommonLetters(form, known) < 4);
}

/** How many letters are left when all that is common has been taken out. */
function uncommonLetters(text: string, known: ReadonlySet<string>): number {
  // The fewest letters that are left of each beginning of the text.
  const left = [0];
  for (let end = 1; end <= text.length; end++) {
    const isLetter = /\p{L}/u.test(text.charAt(end - 1));
    let least = (left[end - 1] as number) + (isLetter ? 1 : 0);
    for (let start = Math.max(0, end - longestWord); start < end - 2; start++) {
      const piece = text.slice(start, end);
      if (known.has(piece) || isWalk(piece)) least = Math.min(least, left[start] as number);
    }
    left.push(least);
  }
  return left.at(-1) as number;
}

const longestWord = 24;

/** Whether a piece is a step along the keyboard or the alphabet, or one character again and again. */
function isWalk(piece: string): boolean {
  return new Set(piece).size === 1 || walks.some((walk) => walk.includes(piece));
}
