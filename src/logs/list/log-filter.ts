import type { Timestamp } from '../../kernel/clock.ts';

/** Which logs of a file are meant. What is undefined, or an empty list, leaves all. */
export interface LogFilter {
  readonly fileId: string;
  /** One of the file. */
  readonly versionId: string | undefined;
  /** Both inclusive. */
  readonly createdFrom: Timestamp | undefined;
  readonly createdUntil: Timestamp | undefined;
  /** Whether it stands below another log. */
  readonly isInTrace: boolean | undefined;
  /** Texts of which the id has one. */
  readonly idParts: readonly string[];
  /** A text in the inputs or the output, in any case. */
  readonly said: string | undefined;
  /** A text in the metadata, in any case. */
  readonly metadata: string | undefined;
}

/** Whether a filter looks into texts: then no index leads from one match to the next. */
export function looksIntoTexts({ idParts, said, metadata }: LogFilter): boolean {
  return idParts.length > 0 || said !== undefined || metadata !== undefined;
}

/**
 * How a text may stand in what is searched: as it is, and as JSON writes it inside a string.
 */
export function spellings(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

/**
 * Whether an index of trigrams helps to find a text: it knows sequences of letters and digits, and in
 * a database whose collation is `C` only those of ASCII.
 */
export function hasTrigrams(text: string): boolean {
  return spellings(text).every((spelling) => /[a-z0-9]{3}/i.test(spelling));
}
