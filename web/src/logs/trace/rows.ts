import type { TimedSpan, Trace } from './trace.ts';

/** A row of the tree that is open: a span, or several equal ones in one. */
export interface TraceRow {
  /** The id of the span; of a group `group:` and that of its first span. */
  readonly id: string;
  readonly timed: TimedSpan;
  /** The spans that the row stands for: one, or those of a folded group. */
  readonly members: readonly TimedSpan[];
  /** From 0. */
  readonly depth: number;
  /** Whether there is anything below it. */
  readonly hasBelow: boolean;
  readonly isOpen: boolean;
  /** How many spans are hidden below it. */
  readonly hidden: number;
  readonly place: number;
  readonly siblings: number;
  readonly parentId: string | null;
}

/** How many equal siblings in a row become one row. */
const fewestInGroup = 5;

/**
 * The rows of the tree, from the top: depth first, without what is folded. Siblings of one name with
 * nothing below them are one row when there are five or more in a row. Linear in the number of spans.
 *
 * @param toggled rows that are not as they are by themselves: spans that are folded, groups that are open.
 * @param found when the reader looks for something: only spans that are found, and those above them.
 */
export function rowsOf(
  trace: Trace,
  toggled: ReadonlySet<string>,
  found?: (timed: TimedSpan) => boolean,
): readonly TraceRow[] {
  const sizes = sizesBelow(trace);
  const shown = found && foundAndAbove(trace, found);
  const rows: TraceRow[] = [];
  const waiting: (TraceRow | undefined)[] = [];
  const push = (parent: TraceRow | undefined) => {
    const below = (trace.children.get(parent?.id ?? '') ?? []).filter(
      ({ span }) => !shown || shown.has(span.id),
    );
    const entries = shown ? below.map((timed) => [timed]) : grouped(below, trace);
    const next = entries.map((members, index): TraceRow => {
      const [timed] = members as [TimedSpan];
      const isGroup = members.length > 1;
      const id = isGroup ? `group:${timed.span.id}` : timed.span.id;
      const hasBelow = isGroup || (trace.children.get(timed.span.id)?.length ?? 0) > 0;
      const isOpen = hasBelow && (shown !== undefined || toggled.has(id) === isGroup);
      const size = isGroup ? members.length : (sizes.get(timed.span.id) ?? 0);
      return {
        id,
        timed,
        members,
        depth: parent ? parent.depth + 1 : 0,
        hasBelow,
        isOpen,
        hidden: isOpen ? 0 : size,
        place: index + 1,
        siblings: entries.length,
        parentId: parent?.id ?? null,
      };
    });
    waiting.push(...next.toReversed());
  };
  push(undefined);
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    if (!row.isOpen) continue;
    if (row.members.length === 1) push(row);
    else waiting.push(...membersOf(row).toReversed());
  }
  return rows;
}

/** The rows of an open group. */
function membersOf({ id, members, depth }: TraceRow): readonly TraceRow[] {
  return members.map((timed, index) => ({
    id: timed.span.id,
    timed,
    members: [timed],
    depth: depth + 1,
    hasBelow: false,
    isOpen: false,
    hidden: 0,
    place: index + 1,
    siblings: members.length,
    parentId: id,
  }));
}

/** Siblings, with those in one list that become one row. */
function grouped(siblings: readonly TimedSpan[], trace: Trace): readonly (readonly TimedSpan[])[] {
  const runs: TimedSpan[][] = [];
  for (const timed of siblings) {
    const last = runs.at(-1)?.at(-1);
    const isLike =
      last &&
      last.span.name === timed.span.name &&
      last.span.kind === timed.span.kind &&
      isLeaf(last, trace) &&
      isLeaf(timed, trace);
    if (isLike) runs.at(-1)?.push(timed);
    else runs.push([timed]);
  }
  return runs.flatMap((run) => (run.length >= fewestInGroup ? [run] : run.map((timed) => [timed])));
}

/** Turns are told apart by what they said, so they are not grouped; nor is what waits or has failed. */
function isLeaf({ span }: TimedSpan, { children }: Trace): boolean {
  return (
    span.kind !== 'turn' &&
    !children.has(span.id) &&
    !['error', 'suspended', 'interrupted'].includes(span.status)
  );
}

/** How many spans are below each. */
function sizesBelow(trace: Trace): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { span } of inTreeOrder(trace).toReversed()) {
    const below = trace.children.get(span.id) ?? [];
    sizes.set(
      span.id,
      below.reduce((sum, child) => sum + 1 + (sizes.get(child.span.id) ?? 0), 0),
    );
  }
  return sizes;
}

/** All spans, each before those below it. */
export function inTreeOrder({ children }: Trace): readonly TimedSpan[] {
  const order: TimedSpan[] = [];
  const waiting = [...(children.get('') ?? [])].reverse();
  for (let timed = waiting.pop(); timed; timed = waiting.pop()) {
    order.push(timed);
    const below = children.get(timed.span.id) ?? [];
    for (let place = below.length - 1; place >= 0; place--) waiting.push(below[place] as TimedSpan);
  }
  return order;
}

function foundAndAbove({ byId }: Trace, found: (timed: TimedSpan) => boolean): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const timed of byId.values()) {
    if (!found(timed)) continue;
    let above: TimedSpan | undefined = timed;
    while (above && !shown.has(above.span.id)) {
      shown.add(above.span.id);
      above = byId.get(above.span.parent_id ?? '');
    }
  }
  return shown;
}
