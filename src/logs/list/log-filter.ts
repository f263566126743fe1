import type { Timestamp } from '../../kernel/clock.ts';

/** Which logs of a file to list. A field that is undefined, or an empty list, filters nothing. */
export interface LogFilter {
  readonly fileId: string;
  /** A version of the file. */
  readonly versionId: string | undefined;
  /** Both inclusive. */
  readonly createdFrom: Timestamp | undefined;
  readonly createdUntil: Timestamp | undefined;
  /** Whether the log stands below another one. */
  readonly isInTrace: boolean | undefined;
  /** The id contains one of these texts. */
  readonly idParts: readonly string[];
  /** The inputs or the output contain this text, in upper or lower case. */
  readonly said: string | undefined;
  /** The metadata contains this text, in upper or lower case. */
  readonly metadata: string | undefined;
}

/** Whether a filter looks into texts: no index in the order of the list answers those. */
export function looksIntoTexts({ idParts, said, metadata }: LogFilter): boolean {
  return idParts.length > 0 || said !== undefined || metadata !== undefined;
}

/**
 * How a text can be spelled in what is searched: as it is, and as JSON escapes it inside a string.
 */
export function spellings(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

/**
 * Whether the index of trigrams can find a text. It knows sequences of letters and digits only; in a
 * database whose collation is `C`, only ASCII ones.
 */
export function hasTrigrams(text: string): boolean {
  return spellings(text).every((spelling) => /[a-z0-9]{3}/i.test(spelling));
}
