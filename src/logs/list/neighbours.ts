import type { Workspace } from '../../database/workspace.ts';
import { logNotFound } from '../errors.ts';
import { amongTexts } from './list-logs.ts';
import type { LogFilter } from './log-filter.ts';
import type { LogSort } from './log-sort.ts';
import { findBeside, findPosition } from './neighbour-queries.ts';

/** The logs beside a log in a list; null at the ends of the list. */
export interface Neighbours {
  readonly previous: string | null;
  readonly next: string | null;
}

/**
 * The logs beside a log in a list. The log itself need not match: it may have changed since it was in
 * the list.
 *
 * @throws `log_not_found` (not_found).
 */
export async function findNeighbours(
  workspace: Workspace,
  id: string,
  { filter, sort }: { readonly filter: LogFilter; readonly sort: LogSort },
): Promise<Neighbours> {
  const position = await findPosition(workspace, id, sort);
  if (!position) throw logNotFound(id);
  const { filter: matching } = await amongTexts(workspace, filter);
  const beside = (side: 'before' | 'after') =>
    findBeside(workspace, matching, { sort, position, side });
  return { previous: (await beside('before')) ?? null, next: (await beside('after')) ?? null };
}
