import { type Fault, PlatformError } from '../../kernel/errors.ts';

/** The most faults in one answer. An author with more faults fixes these first, and tries again. */
export const mostTextFaults = 20;

/** Something wrong in a text. */
export interface TextFault {
  /** Where it is, in UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly msg: string;
  readonly type?: string;
}

/**
 * The error for a text with faults. Each fault is placed at the field with the text; its message
 * begins with the position: `Line 7, column 3: …`, both from 1.
 */
export function textRefused(
  text: string,
  faults: readonly TextFault[],
  loc: Fault['loc'],
): PlatformError {
  const shown = [...faults].sort((a, b) => a.offset - b.offset).slice(0, mostTextFaults);
  let line = 1;
  let lineStart = 0;
  const placed = shown.map(({ offset, msg, type = 'syntax_error' }) => {
    let next = text.indexOf('\n', lineStart);
    while (next >= 0 && next < offset) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { loc, msg: `Line ${line}, column ${offset - lineStart + 1}: ${msg}`, type };
  });
  const message = placed[0]?.msg ?? 'The text cannot be read.';
  return new PlatformError('invalid', 'invalid', message, { faults: placed });
}
