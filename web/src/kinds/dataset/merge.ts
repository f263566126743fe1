import { isSameValue } from '../../editor/spec/spec.ts';
import type { Changes } from './changes.ts';
import { type Content, contentOf, type Datapoint } from './content.ts';

/** A row that was changed here and in another version, and not alike. */
export interface Conflict {
  /** Of its datapoint in the version that both began with. */
  readonly id: string;
  /** As it was. */
  readonly before: Content;
  /** Undefined: removed here. */
  readonly mine: Content | undefined;
  /** What stands in its place there; undefined: removed there. */
  readonly theirs: Datapoint | undefined;
}

/** Which of two rows stays. */
export type Side = 'mine' | 'theirs' | 'both';

export interface Merge {
  /** The changes on the other version, without those that are in conflict. */
  readonly changes: Changes;
  readonly conflicts: readonly Conflict[];
}

/** Changes of a version, brought to another version that was made of it. */
export function merge(
  base: readonly Datapoint[],
  theirs: readonly Datapoint[],
  changes: Changes,
): Merge {
  const { edited, removed } = changes;
  const staying = new Set(theirs.map(({ id }) => id));
  const successors = successorsOf(base, theirs);
  const gone = new Set(removed);
  const conflicts = base
    .filter(({ id }) => !staying.has(id) && (edited[id] || gone.has(id)))
    .map((datapoint): Conflict => {
      const { id } = datapoint;
      const before = contentOf(datapoint);
      return { id, before, mine: edited[id], theirs: successors.get(id) };
    })
    .filter(({ mine, theirs: their }) => !isSameValue(mine, their && contentOf(their)));
  return {
    changes: {
      ...changes,
      edited: Object.fromEntries(Object.entries(edited).filter(([id]) => staying.has(id))),
      removed: removed.filter((id) => staying.has(id)),
    },
    conflicts,
  };
}

/** The changes of a merge, once it is known what stays; where nothing is said it is mine. */
export function settled(
  { changes, conflicts }: Merge,
  sides: Readonly<Record<string, Side>>,
): Changes {
  const edited = { ...changes.edited };
  const removed = [...changes.removed];
  const added = [...changes.added];
  for (const { id, mine, theirs } of conflicts) {
    const side = sides[id] ?? 'mine';
    if (side === 'theirs') continue;
    if (!mine) removed.push(...(theirs ? [theirs.id] : []));
    else if (theirs && side === 'mine') edited[theirs.id] = mine;
    else added.push({ key: `merged-${id}`, content: mine });
  }
  return { ...changes, edited, removed, added };
}

/** Changes of a version that is gone, on the rows of another: rows that were changed and are not there come as new ones. */
export function onOtherRows(changes: Changes, rows: readonly Datapoint[]): Changes {
  const there = new Set(rows.map(({ id }) => id));
  const edited = Object.entries(changes.edited);
  const homeless = edited.filter(([id]) => !there.has(id));
  return {
    ...changes,
    edited: Object.fromEntries(edited.filter(([id]) => there.has(id))),
    removed: changes.removed.filter((id) => there.has(id)),
    added: [...changes.added, ...homeless.map(([id, content]) => ({ key: `kept-${id}`, content }))],
  };
}

/** Both changes of one version; of a row that both changed as in the second. */
export function together(first: Changes, second: Changes): Changes {
  const keys = new Set(second.added.map(({ key }) => key));
  const removed = new Set([...first.removed, ...second.removed]);
  const edited = Object.entries({ ...first.edited, ...second.edited });
  return {
    edited: Object.fromEntries(edited.filter(([id]) => !removed.has(id))),
    removed: [...removed],
    added: [...first.added.filter(({ key }) => !keys.has(key)), ...second.added],
    columns: [...first.columns, ...second.columns],
  };
}

/**
 * The rows that stand where others were. A row that is changed gets another id, so this goes by place:
 * as many new rows between two that stayed as were there before.
 */
function successorsOf(
  base: readonly Datapoint[],
  theirs: readonly Datapoint[],
): ReadonlyMap<string, Datapoint> {
  const gaps = gapsOf(theirs, base);
  return new Map(
    [...gapsOf(base, theirs)].flatMap(([place, before]) => {
      const after = gaps.get(place) ?? [];
      if (after.length !== before.length) return [];
      return before.map(({ id }, index) => [id, after[index] as Datapoint] as const);
    }),
  );
}

/** The rows that others do not have, by the row before them that they have, too. */
function gapsOf(
  datapoints: readonly Datapoint[],
  others: readonly Datapoint[],
): ReadonlyMap<string, readonly Datapoint[]> {
  const known = new Set(others.map(({ id }) => id));
  let place = '';
  const own = datapoints.flatMap((datapoint) => {
    if (!known.has(datapoint.id)) return [{ place, datapoint }];
    place = datapoint.id;
    return [];
  });
  const groups = Map.groupBy(own, (one) => one.place);
  return new Map([...groups].map(([key, ones]) => [key, ones.map((one) => one.datapoint)]));
}
