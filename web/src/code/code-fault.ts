/** Something that is wrong with a text, at a place in it. */
export interface CodeFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly says: string;
}

/** Reads `Line 3, column 1: …`, a fault on each line, as the API says what is wrong with a text. */
export function readFaults(text: string): readonly CodeFault[] {
  return text.split('\n').flatMap((line) => {
    const [, at, column, says] = /\bLine (\d+), column (\d+): (.*)$/.exec(line) ?? [];
    return says === undefined ? [] : [{ line: Number(at), column: Number(column), says }];
  });
}
