import type { TextFault } from './text-faults.ts';

/** The two parts of a text file, and their offsets. */
export interface TextParts {
  /** Includes the line that opens it, not the one that closes it. */
  readonly frontMatter: string;
  readonly frontMatterStart: number;
  readonly content: string;
  readonly contentStart: number;
}

/** A text without a byte order mark, with `\n` as its only line ending. */
export function normalizedText(text: string): string {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return withoutMark.replaceAll(/\r\n?/g, '\n');
}

/** Splits a text at the `---` lines around its front matter. Blank lines may come first. */
export function splitText(text: string): TextParts | TextFault {
  let start = 0;
  while (isBlankLine(text, start)) start = nextLine(text, start);
  if (!isFence(text, start)) {
    return { offset: start, msg: 'The front matter is missing. Begin it with a line `---`.' };
  }
  let end = nextLine(text, start);
  while (end < text.length && !isFence(text, end)) end = nextLine(text, end);
  if (end >= text.length) {
    return { offset: start, msg: 'The front matter is not closed. End it with a line `---`.' };
  }
  const contentStart = nextLine(text, end);
  return {
    frontMatter: text.slice(start, end),
    frontMatterStart: start,
    content: text.slice(contentStart),
    contentStart,
  };
}

/** The offset of the line after the one at `at`. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function isFence(text: string, at: number): boolean {
  return text.startsWith('---', at) && isBlankRest(text, at + 3);
}

function isBlankLine(text: string, at: number): boolean {
  return at < text.length && isBlankRest(text, at);
}

/** Whether the rest of the line is blank. */
function isBlankRest(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at === text.length || text[at] === '\n';
}
