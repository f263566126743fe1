import type { Timestamp } from '../../kernel/clock.ts';

/** Selects logs of a file. A field that is undefined, and an empty list, select all. */
export interface LogFilter {
  readonly fileId: string;
  /** A version of the file. */
  readonly versionId: string | undefined;
  /** Both inclusive. */
  readonly createdFrom: Timestamp | undefined;
  readonly createdUntil: Timestamp | undefined;
  /** True: only logs below another log. False: only logs below none. */
  readonly isInTrace: boolean | undefined;
  /** The id contains one of these texts. */
  readonly idParts: readonly string[];
  /** The inputs or the output contain this text; case does not count. */
  readonly said: string | undefined;
  /** The metadata contains this text; case does not count. */
  readonly metadata: string | undefined;
}

/** Whether a filter must read texts: the indexes of the list do not contain them. */
export function looksIntoTexts({ idParts, said, metadata }: LogFilter): boolean {
  return idParts.length > 0 || said !== undefined || metadata !== undefined;
}

/** The spellings of a text in the searched columns: as it is, and escaped as in a JSON string. */
export function spellings(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

/**
 * Whether the index of trigrams can find a text. It contains only sequences of letters and digits,
 * and in a database with the collation `C` only ASCII ones.
 */
export function hasTrigrams(text: string): boolean {
  return spellings(text).every((spelling) => /[a-z0-9]{3}/i.test(spelling));
}
