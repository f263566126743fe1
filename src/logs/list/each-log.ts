import type { Workspace } from '../../database/workspace.ts';
import { readableBatches } from '../../kernel/readable-batches.ts';
import { logSizes } from '../read-logs.ts';
import { findVersionedLogs, type VersionedLog } from '../versioned-log.ts';
import type { ListPosition } from './list-cursor.ts';
import { amongTexts } from './list-logs.ts';
import { listPositions } from './list-queries.ts';
import type { LogFilter } from './log-filter.ts';

const positionsAtOnce = 500;

/**
 * All logs that match, by the time of their creation, in groups that fit into memory. Each group is
 * read when it is asked for, and holds no connection until the next. Logs that are deleted meanwhile
 * are left out.
 */
export async function* eachLog(
  workspace: Workspace,
  filter: LogFilter,
  order: 'asc' | 'desc',
): AsyncGenerator<readonly VersionedLog[]> {
  const { filter: among, isWhole } = await amongTexts(workspace, filter);
  const matching = isWhole ? among : filter;
  const sort = { by: 'created_at', order } as const;
  let after: ListPosition | undefined;
  do {
    const window = { sort, after, offset: 0, limit: positionsAtOnce };
    const positions = await listPositions(workspace, matching, window);
    const sizes = await logSizes(
      workspace,
      positions.map(({ id }) => id),
    );
    for (const ids of readableBatches(sizes)) yield await findVersionedLogs(workspace, ids);
    after = positions.length < positionsAtOnce ? undefined : positions.at(-1);
  } while (after);
}
