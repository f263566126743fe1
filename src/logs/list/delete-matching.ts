import { inTransaction, type Workspace } from '../../database/workspace.ts';
import type { LogParts } from '../log-parts.ts';
import { deleteLogs, lockDoomed } from '../log-queries.ts';
import { amongTexts } from './list-logs.ts';
import { listPositions } from './list-queries.ts';
import type { LogFilter } from './log-filter.ts';
import { newestFirst } from './log-sort.ts';

/** What a deletion did. */
export interface Deletion {
  /** How many logs were deleted, with those below them and the judgments about them. */
  readonly deleted: number;
  /** False when more logs match. */
  readonly isDone: boolean;
}

/** Deletes the newest logs that match, at most `most`, and all logs below them. Their runs end. */
export async function deleteMatching(
  { evaluations }: Pick<LogParts, 'evaluations'>,
  workspace: Workspace,
  filter: LogFilter,
  most: number,
): Promise<Deletion> {
  return inTransaction(workspace, async (workspace) => {
    const { filter: matching } = await amongTexts(workspace, filter);
    const window = { sort: newestFirst, after: undefined, offset: 0, limit: most + 1 };
    const found = await listPositions(workspace, matching, window);
    const ids = found.slice(0, most).map(({ id }) => id);
    if (ids.length === 0) return { deleted: 0, isDone: true };
    const doomed = await lockDoomed(workspace, ids);
    await evaluations.deleting(workspace, doomed);
    await deleteLogs(workspace, doomed);
    return { deleted: doomed.length, isDone: found.length <= most };
  });
}
