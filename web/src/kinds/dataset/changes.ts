import { type Column, keyOf } from './columns.ts';
import { type Content, contentOf, type Datapoint, isEmpty, type Row } from './content.ts';

/** What is different from a version of a dataset, before it is committed. */
export interface Changes {
  /** New contents, by the id of the datapoint that they replace. */
  readonly edited: Readonly<Record<string, Content>>;
  /** Ids of datapoints. */
  readonly removed: readonly string[];
  readonly added: readonly { readonly key: string; readonly content: Content }[];
  /** Columns in which nothing may be yet. */
  readonly columns: readonly Column[];
}

export const noChanges: Changes = { edited: {}, removed: [], added: [], columns: [] };

/** The rows of a version with some changes. */
export function rowsOf(datapoints: readonly Datapoint[], changes: Changes): readonly Row[] {
  const removed = new Set(changes.removed);
  return [
    ...datapoints
      .filter(({ id }) => !removed.has(id))
      .map((datapoint): Row => {
        const edited = changes.edited[datapoint.id];
        return edited
          ? { key: datapoint.id, content: edited, how: 'changed' }
          : { key: datapoint.id, content: contentOf(datapoint), how: 'same' };
      }),
    ...changes.added.map((row): Row => ({ ...row, how: 'added' })),
  ];
}

/** What is stored: rows in which nothing is are left out. */
export function contentsOf(rows: readonly Row[]): readonly Content[] {
  return rows.map(({ content }) => content).filter((content) => !isEmpty(content));
}

/** `+12 −3`: a changed row takes one away and adds one. */
export function countsOf({ edited, removed, added }: Changes): {
  readonly plus: number;
  readonly minus: number;
} {
  const changed = Object.keys(edited).length;
  return {
    plus: changed + added.filter(({ content }) => !isEmpty(content)).length,
    minus: changed + removed.length,
  };
}

export function isChange(changes: Changes): boolean {
  const { plus, minus } = countsOf(changes);
  return plus + minus > 0;
}

/** The changes, with other contents in some rows. */
export function withContents(
  changes: Changes,
  contents: readonly (readonly [row: Row, content: Content])[],
): Changes {
  const next = new Map(contents.map(([{ key }, content]) => [key, content]));
  const stored = contents.filter(([{ how }]) => how !== 'added');
  return {
    ...changes,
    edited: {
      ...changes.edited,
      ...Object.fromEntries(stored.map(([{ key }, content]) => [key, content])),
    },
    added: changes.added.map((row) => ({ ...row, content: next.get(row.key) ?? row.content })),
  };
}

export function withoutRow(changes: Changes, row: Row | undefined): Changes {
  if (!row) return changes;
  const { key, how } = row;
  if (how === 'added') {
    return { ...changes, added: changes.added.filter((one) => one.key !== key) };
  }
  const { [key]: _, ...edited } = changes.edited;
  return { ...changes, edited, removed: [...changes.removed, key] };
}

export function withRows(changes: Changes, contents: readonly Content[]): Changes {
  const added = contents.map((content) => ({ key: newKey(), content }));
  return { ...changes, added: [...changes.added, ...added] };
}

/** The changes, with columns that are not there yet. */
export function withColumns(
  changes: Changes,
  known: readonly Column[],
  columns: readonly Column[],
): Changes {
  const names = new Set(known.map(keyOf));
  const added = columns.filter((column) => !names.has(keyOf(column)));
  return { ...changes, columns: [...changes.columns, ...added] };
}

/** A name that no other row has, also after a reload. */
function newKey(): string {
  return `new-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}
