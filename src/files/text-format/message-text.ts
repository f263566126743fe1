/**
 * The text between two tags, without the first and last line break, the common indentation of its
 * lines, and trailing blanks.
 */
export function textBetween(inner: string): string {
  const text = withoutEnd(inner);
  const lines = (text.startsWith('\n') ? text.slice(1) : text).split('\n');
  const indentation = commonIndentation(lines);
  return lines.map((line) => withoutIndentation(line, indentation)).join('\n');
}

/** A text as it is written between tags, each line ended. Empty lines get no indentation. */
export function indented(text: string, by: string): string {
  if (text === '') return '';
  return text
    .split('\n')
    .map((line) => (line === '' ? '\n' : `${by}${line}\n`))
    .join('');
}

/** The offset of the next character that is neither blank nor line break. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** The blanks that all lines share, except blank lines. */
function commonIndentation(lines: readonly string[]): string {
  let common: string | undefined;
  for (const line of lines) {
    const width = leadingBlanks(line);
    if (width === line.length) continue;
    common ??= line.slice(0, width);
    let same = 0;
    while (same < common.length && line[same] === common[same]) same += 1;
    common = common.slice(0, same);
  }
  return common ?? '';
}

function withoutIndentation(line: string, indentation: string): string {
  return line.startsWith(indentation)
    ? line.slice(indentation.length)
    : line.slice(Math.min(leadingBlanks(line), indentation.length));
}

function leadingBlanks(line: string): number {
  let width = 0;
  while (line[width] === ' ' || line[width] === '\t') width += 1;
  return width;
}
