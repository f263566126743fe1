import type { LogState } from '../../contract/spans.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** Selects logs. A field that is undefined, and an empty list, select all. */
export interface LogFilter {
  /** Undefined: the logs of all files that are not deleted. */
  readonly fileId: string | undefined;
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
  readonly types: readonly string[];
  readonly states: readonly LogState[];
  readonly environments: readonly string[];
  readonly user: string | undefined;
  readonly source: string | undefined;
  /** US dollars. */
  readonly cost: Range;
  /** Seconds. */
  readonly latency: Range;
  readonly tokens: Range;
  /** All of them must hold. */
  readonly judgments: readonly JudgmentFilter[];
  /** Only these logs. */
  readonly among: readonly string[] | undefined;
}

/** Both inclusive. Nothing that is unknown is in a range that has a bound. */
export interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What an evaluator says of a log. */
export interface JudgmentFilter {
  readonly evaluatorId: string;
  readonly says:
    | { readonly word: 'true' | 'false' | 'null' | 'error' | 'any' | 'none' }
    | { readonly sign: '>=' | '<='; readonly value: number }
    | { readonly option: string };
}

/** The filter that selects all logs. */
export const everyLog: LogFilter = {
  fileId: undefined,
  versionId: undefined,
  createdFrom: undefined,
  createdUntil: undefined,
  isInTrace: undefined,
  idParts: [],
  said: undefined,
  metadata: undefined,
  types: [],
  states: [],
  environments: [],
  user: undefined,
  source: undefined,
  cost: {},
  latency: {},
  tokens: {},
  judgments: [],
  among: undefined,
};

/** Whether a filter must read texts: the indexes of the list do not contain them. */
export function looksIntoTexts({ idParts, said, metadata }: LogFilter): boolean {
  return idParts.length > 0 || said !== undefined || metadata !== undefined;
}

/** Whether a filter selects only by file, version, time, place in a trace, and texts. */
export function isPlain(filter: LogFilter): boolean {
  const { types, states, environments, judgments, user, source, among } = filter;
  return (
    [types, states, environments, judgments].every((some) => some.length === 0) &&
    [user, source, among].every((one) => one === undefined) &&
    [filter.cost, filter.latency, filter.tokens].every(isEverything)
  );
}

function isEverything({ min, max }: Range): boolean {
  return min === undefined && max === undefined;
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
