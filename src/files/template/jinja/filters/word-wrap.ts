import { spend, spendOn } from '../fuel.ts';
import { characterCount, charactersOf } from '../sequences.ts';

/** How a line is broken into lines of at most so many characters. */
interface Wrapping {
  readonly columns: number;
  readonly breaksWords: boolean;
  readonly breaksHyphens: boolean;
}

/** The lines that a line is broken into, as Python's `textwrap` does it. */
export function wrapped(line: string, { columns, breaksWords, breaksHyphens }: Wrapping): string[] {
  const pieces = piecesOf(line, breaksHyphens);
  const lines: string[] = [];
  let at = 0;
  while (at < pieces.length) {
    if (isBlank(pieces[at]) && lines.length > 0) at += 1;
    const current: string[] = [];
    let room = columns;
    for (; at < pieces.length; at++) {
      const piece = pieces[at] ?? '';
      const length = characterCount(piece);
      if (length > room) break;
      current.push(piece);
      room -= length;
    }
    const long = pieces[at];
    if (long !== undefined && characterCount(long) > columns) {
      if (breaksWords) {
        const [head, tail] = broken(long, room, breaksHyphens);
        current.push(head);
        pieces[at] = tail;
        if (tail === '') at += 1;
      } else if (current.length === 0) {
        current.push(long);
        at += 1;
      }
    }
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

const whitespace = '\\t\\n\\v\\f\\r ';
const word = '[\\p{L}\\p{N}_]';
const mark = '[\\p{L}\\p{N}_!"\'&.,?]';
const letter = '[\\p{L}_]';

// Spaces, dashes between words, and words, also those that end in a hyphen: textwrap.wordsep_re.
const separators = new RegExp(
  `([${whitespace}]+|(?<=${mark})-{2,}(?=${word})|[^${whitespace}]+?(?:-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})|(?=[${whitespace}]|$)|(?<=${mark})(?=-{2,}${word})))`,
  'u',
);
const spaces = new RegExp(`([${whitespace}]+)`, 'u');

function piecesOf(line: string, breaksHyphens: boolean): string[] {
  spend(1 + line.length / 8);
  // A long row of dashes would be read anew at each of them.
  const isOdd = line.includes('-'.repeat(100));
  return line.split(breaksHyphens && !isOdd ? separators : spaces).filter((piece) => piece !== '');
}

function broken(piece: string, room: number, breaksHyphens: boolean): [string, string] {
  const characters = charactersOf(piece);
  let end = room;
  if (breaksHyphens && room > 0 && characters.length > room) {
    const hyphen = characters.lastIndexOf('-', room - 1);
    if (hyphen > 0 && characters.slice(0, hyphen).some((c) => c !== '-')) end = hyphen + 1;
  }
  spendOn(characters.length);
  return [characters.slice(0, end).join(''), characters.slice(end).join('')];
}

function isBlank(piece: string | undefined): boolean {
  return piece !== undefined && piece.trim() === '';
}
