import { kinds } from '../../files/kinds.ts';
import { statusWords } from '../trace/span-words.ts';
import type { LogRow } from './list-queries.ts';
import { logKinds, type SearchChange, statuses } from './list-search.ts';

/** Something that a cell says: it can be copied, and perhaps the list can be filtered by it. */
export interface CellValue {
  readonly name: string;
  /** As it is copied. */
  readonly text: string;
  readonly shown: string;
  /** The change of the filters that keeps logs with it alone. */
  readonly include?: SearchChange;
  /** What the line of the menu says that does so. */
  readonly includeAs?: string;
  /** The change that leaves logs with it out. */
  readonly exclude?: SearchChange;
  readonly excludeAs?: string;
}

export function plainValue(name: string, text: string): CellValue {
  return { name, text, shown: text.length > 40 ? `${text.slice(0, 39)}…` : text };
}

export function statusValue({ status }: LogRow): CellValue {
  return {
    ...plainValue('Status', statusWords[status]),
    text: status,
    include: { status: [status] },
    // The API has no filter for what is not; all others are the same.
    exclude: { status: statuses.filter((one) => one !== status) },
  };
}

export function kindValue({ type }: LogRow): CellValue {
  return {
    ...plainValue('Kind', kinds[type].label),
    text: type,
    include: { type: [type] },
    exclude: { type: logKinds.filter((one) => one !== type) },
  };
}

export function versionValue(row: LogRow): CellValue {
  const { version_id: id, version_name: name } = row;
  return { ...plainValue('Version', name ?? id), text: id, include: { version_id: id } };
}

/** A number: logs with as much or more, or with as much or less. */
export function atLeast(
  name: string,
  what: 'latency' | 'cost' | 'tokens',
  value: number,
  shown: string,
): readonly CellValue[] {
  return [
    {
      name,
      text: String(value),
      shown,
      include: { [`min_${what}`]: value },
      includeAs: `${shown} or more`,
      exclude: { [`max_${what}`]: value },
      excludeAs: `${shown} or less`,
    },
  ];
}
