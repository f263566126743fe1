import type { Span } from './span.ts';

/** A span with its times in milliseconds from the start of the trace. */
export interface TimedSpan {
  readonly span: Span;
  readonly start: number;
  /** Null: it has not ended. */
  readonly end: number | null;
  readonly firstToken: number | null;
  readonly waits: readonly Stretch[];
}

/** From and until, in milliseconds from the start of the trace. */
export type Stretch = readonly [number, number];

/** What a trace is made of, ready to be drawn. */
export interface Trace {
  /** When the log began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** The end of what is known, in milliseconds from the start. Open spans reach to it. */
  readonly end: number;
  readonly isOpen: boolean;
  /** Spans below each span, in the order in which they began; those at the top below ''. */
  readonly children: ReadonlyMap<string, readonly TimedSpan[]>;
  readonly byId: ReadonlyMap<string, TimedSpan>;
  /** Time in which everybody waited for a client: it is drawn folded. */
  readonly folds: readonly Stretch[];
  /** Time besides in which nothing happened, in long stretches: it is folded if the reader wants it. */
  readonly gaps: readonly Stretch[];
}

/**
 * Makes a trace of spans in any order. A span whose parent is missing stands at the top, so that nothing
 * is hidden. Takes time linear in the number of spans, besides sorting.
 *
 * @param now milliseconds since 1970; where open spans end for now.
 */
export function traceOf(spans: Iterable<Span>, now: number): Trace {
  const list = [...spans];
  const known = new Set(list.map(({ id }) => id));
  // Turns that were taken from another log ran at another time.
  const own = list.filter(({ copied }) => !copied);
  const startedAt = least(own.map(({ started_at: at }) => Date.parse(at))) ?? now;
  const latest = most(own.flatMap(endsOf)) ?? startedAt;
  const isOpen = list.some((span) => isUnended(span));
  const end = Math.max(isOpen ? now : latest, startedAt) - startedAt;
  const byId = new Map<string, TimedSpan>();
  const children = new Map<string, TimedSpan[]>();
  for (const span of list) {
    const timed = timedSpan(span, startedAt, end);
    byId.set(span.id, timed);
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : '';
    const siblings = children.get(parent);
    if (siblings) siblings.push(timed);
    else children.set(parent, [timed]);
  }
  for (const siblings of children.values()) siblings.sort(inTime);
  return { startedAt, end, isOpen, children, byId, ...quietTimes([...byId.values()], end) };
}

/** Whether a span still goes on, or waits. Of calls that a server answered the end may not be known. */
export function isUnended({ ended_at: end, status }: Span): boolean {
  return end === null && ['running', 'suspended', 'interrupted'].includes(status);
}

/** Milliseconds without the time in which a client was waited for. */
export function activeTime({ end, folds }: Pick<Trace, 'end' | 'folds'>): number {
  return folds.reduce((time, [from, until]) => time - (until - from), end);
}

function timedSpan(span: Span, startedAt: number, end: number): TimedSpan {
  const since = (at: string) => Date.parse(at) - startedAt;
  const start = since(span.started_at);
  const ended = span.ended_at === null ? null : since(span.ended_at);
  return {
    span,
    start,
    end: ended ?? (isUnended(span) ? null : start),
    firstToken: span.first_token_at === null ? null : since(span.first_token_at),
    waits: span.waits.map(({ from, until }) => [since(from), until === null ? end : since(until)]),
  };
}

function endsOf({ started_at: start, ended_at: end, waits }: Span): readonly number[] {
  const last = waits.at(-1);
  return [start, end, last?.from, last?.until].flatMap((at) => (at ? Date.parse(at) : []));
}

/** Waits in which nothing else happened, and time in which nothing happened at all. */
function quietTimes(spans: readonly TimedSpan[], end: number): Pick<Trace, 'folds' | 'gaps'> {
  const isLong = ([from, until]: Stretch) => until - from >= shortestFold;
  const busy = united(spans.flatMap((span) => busyTimes(span, end)));
  const waits = withoutTimes(united(spans.flatMap((span) => span.waits)), busy);
  const gaps = withoutTimes([[0, end]], united([...busy, ...waits]));
  return { folds: waits.filter(isLong), gaps: gaps.filter(isLong) };
}

/** What share of the time that is not waited away nothing happened in, from 0 to 1. */
export function idleShare({ gaps, ...trace }: Pick<Trace, 'end' | 'folds' | 'gaps'>): number {
  const idle = gaps.reduce((time, [from, until]) => time + until - from, 0);
  return idle / Math.max(activeTime(trace), 1);
}

/** Milliseconds. A shorter wait would take more room folded than true to scale. */
const shortestFold = 500;

/** When the span itself worked. Agents and flows hold others, and calls of a client are waits. */
function busyTimes({ span, start, end: ended, waits }: TimedSpan, end: number): readonly Stretch[] {
  if (['agent', 'flow'].includes(span.kind) || waits.length > 0 || span.copied) return [];
  return [[start, ended ?? end]];
}

/** The same time, in stretches that do not touch, in order. */
function united(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: [number, number][] = [];
  for (const [from, until] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else if (until > from) result.push([from, until]);
  }
  return result;
}

/** What is left of some stretches without others. Both are in order, and touch none of their own. */
function withoutTimes(
  stretches: readonly Stretch[],
  taken: readonly Stretch[],
): readonly Stretch[] {
  const left: Stretch[] = [];
  let next = 0;
  for (const [from, until] of stretches) {
    let at = from;
    while (next < taken.length && (taken[next]?.[1] ?? 0) <= from) next++;
    for (let place = next; place < taken.length; place++) {
      const [begins = 0, ends = 0] = taken[place] ?? [];
      if (begins >= until) break;
      if (begins > at) left.push([at, begins]);
      at = Math.max(at, ends);
    }
    if (at < until) left.push([at, until]);
  }
  return left;
}

function inTime(a: TimedSpan, b: TimedSpan): number {
  return a.start - b.start || (a.end ?? Infinity) - (b.end ?? Infinity) || compare(a.span, b.span);
}

/** What begins at once stands in the order of the turns, and a turn before what it called. */
function compare(a: Span, b: Span): number {
  return (a.turn ?? 0) - (b.turn ?? 0) || (a.id < b.id ? -1 : 1);
}

function least(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b));
}

function most(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b));
}
