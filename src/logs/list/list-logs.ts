import { clippedLength } from '../../contract/log-list.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { ListPosition } from './list-cursor.ts';
import {
  collect,
  collectByText,
  countKept,
  countUpTo,
  type ListWindow,
  listPositions,
  probe,
} from './list-queries.ts';
import { hasTrigrams, isPlain, type LogFilter, looksIntoTexts } from './log-filter.ts';
import { type LogSort, newestFirst } from './log-sort.ts';
import type { LogSummary } from './log-summary.ts';
import { type ListedJudgment, listJudgments, loadSummaries } from './summary-queries.ts';

export type { ListedJudgment } from './summary-queries.ts';

/** One page of a list. */
export interface LogPage {
  readonly positions: readonly ListPosition[];
  /** How many logs match, on all pages; a lower bound when `isTotalExact` is false. */
  readonly total: number;
  readonly isTotalExact: boolean;
  readonly isLast: boolean;
}

export interface ListOptions {
  readonly filter: LogFilter;
  readonly sort: LogSort;
  /** About how many of the matching logs to draw; undefined: all. */
  readonly sample: number | undefined;
  readonly page: number;
  readonly size: number;
  /** The end of the page before; used in place of `page`. */
  readonly after: ListPosition | undefined;
}

/** The most matches to count when an index answers the filter, at 0.1 µs each. */
const mostCounted = 100_000;
/** The most matches to count when texts must be read, at up to 5 µs for each log. */
const mostTextsCounted = 1_000;
/** How many of the newest logs to read first, to find out how common a text is. */
const mostTried = 1_000;
/**
 * A text is common when at least one in 50 logs contains it. Reading on from the newest log then
 * finds a page soon.
 */
const commonOneIn = 50;
/** The most logs to take from the index of texts. For more, reading the list is quicker. */
const mostByIndex = 20_000;

/**
 * One page of the logs of a file, or of all files.
 *
 * The total is exact in three cases: for a whole file or version, from stored counts; for filters
 * by time and place in a trace, up to 100,000; and for a text that few logs contain. A common text
 * is counted up to 1,000.
 */
export async function listLogs(workspace: Workspace, options: ListOptions): Promise<LogPage> {
  const { filter, sort, size, after } = options;
  const offset = after ? 0 : (options.page - 1) * size;
  // Read one log more than the page has, to know whether another page follows.
  const window = { sort, after, offset, limit: size + 1 };
  const found =
    options.sample === undefined
      ? await findLogs(workspace, filter, window)
      : await drawLogs(workspace, filter, window, options.sample);
  return {
    positions: found.positions.slice(0, size),
    total: found.total,
    isTotalExact: found.isTotalExact,
    isLast: found.positions.length <= size,
  };
}

/** The ids of the newest logs that match, at most `most`, newest first. */
export async function findLogIds(
  workspace: Workspace,
  filter: LogFilter,
  most: number,
): Promise<readonly string[]> {
  const window = { sort: newestFirst, after: undefined, offset: 0, limit: most };
  return (await listPositions(workspace, filter, window)).map(({ id }) => id);
}

/**
 * A filter without texts that selects the same logs, or the newest 20,000 of them.
 *
 * @returns `isWhole`: whether it selects all of them.
 */
export async function amongTexts(
  workspace: Workspace,
  filter: LogFilter,
): Promise<{ readonly filter: LogFilter; readonly isWhole: boolean }> {
  if (!looksIntoTexts(filter)) return { filter, isWhole: true };
  const window = { sort: newestFirst, after: undefined, offset: 0, limit: mostByIndex + 1 };
  const { positions } = await findLogs(workspace, filter, window);
  const among = positions.slice(0, mostByIndex).map(({ id }) => id);
  return {
    filter: { ...filter, idParts: [], said: undefined, metadata: undefined, among },
    isWhole: positions.length <= mostByIndex,
  };
}

/** Short forms of logs, in the order of the ids; ids without a log are left out. */
export async function summarizeLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly LogSummary[]> {
  return loadSummaries(workspace, ids, clippedLength);
}

/** The judgments of some logs that count, by the id of the log. */
export async function judgmentsOfLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ListedJudgment[]>> {
  return Map.groupBy(await listJudgments(workspace, ids), ({ log_id: logId }) => logId);
}

interface Found {
  readonly positions: readonly ListPosition[];
  readonly total: number;
  readonly isTotalExact: boolean;
}

async function findLogs(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
): Promise<Found> {
  if (!looksIntoTexts(filter)) return readOn(workspace, filter, window, mostCounted);
  const { looked, matching } = await probe(workspace, filter, mostTried);
  const isCommon = looked < mostTried || matching * commonOneIn >= looked;
  const collected = isCommon ? undefined : await collectRare(workspace, filter, window);
  if (collected) return { ...collected, isTotalExact: true };
  return readOn(workspace, filter, window, mostTextsCounted);
}

/** All logs that contain a rare text; undefined when reading the list is quicker. */
async function collectRare(workspace: Workspace, filter: LogFilter, window: ListWindow) {
  const { said, metadata } = filter;
  const sought = [said, metadata].filter((text) => text !== undefined);
  if (sought.some(hasTrigrams)) return collectByText(workspace, filter, window, mostByIndex);
  return collect(workspace, filter, window);
}

/** Reads the list from its beginning, or from the end of a page, until the page is full. */
async function readOn(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
  most: number,
): Promise<Found> {
  if (isKept(filter)) {
    const total = await countKept(workspace, filter);
    // Read nothing for a page past the end: clients request such pages, and OFFSET would read the
    // whole list.
    const isPastEnd = window.offset >= total;
    const positions = isPastEnd ? [] : await listPositions(workspace, filter, window);
    return { positions, total, isTotalExact: true };
  }
  const [positions, counted] = await Promise.all([
    listPositions(workspace, filter, window),
    countUpTo(workspace, filter, most + 1),
  ]);
  return { positions, total: Math.min(counted, most), isTotalExact: counted <= most };
}

/**
 * Draws logs by a hash of their ids, and not at random, so that all pages show the same sample. It
 * draws one in n logs, which is about the requested number.
 */
async function drawLogs(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
  sample: number,
): Promise<Found> {
  const matching = await estimate(workspace, filter);
  const oneOf = Math.max(Math.round(matching / sample), 1);
  return { ...(await collect(workspace, filter, window, { oneOf })), isTotalExact: true };
}

/** About how many logs match. */
async function estimate(workspace: Workspace, filter: LogFilter): Promise<number> {
  if (isKept(filter)) return countKept(workspace, filter);
  return countUpTo(workspace, filter, Number.MAX_SAFE_INTEGER);
}

/** Whether a stored count is the number of matches. */
function isKept(filter: LogFilter): boolean {
  const { createdFrom, createdUntil, isInTrace } = filter;
  return (
    isPlain(filter) &&
    createdFrom === undefined &&
    createdUntil === undefined &&
    isInTrace === undefined &&
    !looksIntoTexts(filter)
  );
}
