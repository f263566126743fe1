import { isFiltered, type ListSearch } from './list-search.ts';

/** Filters, an order and columns under a name. */
export interface SavedView {
  readonly name: string;
  readonly search: ListSearch;
}

/** Views that everybody has. */
export const standardViews: readonly SavedView[] = [
  { name: 'All', search: {} },
  { name: 'Errors', search: { status: ['error'] } },
  { name: 'Slow', search: { sort_by: 'latency', order: 'desc' } },
  { name: 'Needs you', search: { status: ['suspended'] } },
];

/** The view that a search is; undefined: none of them. What is peeked at is no matter. */
export function viewOf(search: ListSearch, views: readonly SavedView[]): SavedView | undefined {
  const text = textOf(search);
  return views.find((view) => textOf(view.search) === text);
}

/** A name for a search that has none yet. */
export function proposedName({ search, status, environment }: ListSearch): string {
  return [search, status?.join(' or '), environment?.join(' or ')].filter(Boolean).join(', ');
}

/** Whether there is anything to save. */
export function canBeSaved(search: ListSearch): boolean {
  return isFiltered(search) || search.sort_by !== undefined || search.cols !== undefined;
}

function textOf({ peek, ...search }: ListSearch): string {
  return JSON.stringify(Object.entries(search).toSorted(([a], [b]) => a.localeCompare(b)));
}
