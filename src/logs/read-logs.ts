import { inSnapshot, inTransaction, type Workspace } from '../database/workspace.ts';
import { logNotFound } from './errors.ts';
import type { LogParts } from './log-parts.ts';
import { deleteLogs, findLog, isOwnLog, lockDoomed, missingLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

export { logSizes } from './size-queries.ts';

/**
 * A log with its turns and run, all of one moment, because its run may be writing.
 *
 * @throws `log_not_found` (not_found).
 */
export async function getLog(workspace: Workspace, id: string): Promise<LogView> {
  const view = await inSnapshot(workspace, (workspace) => findLog(workspace, id));
  if (!view) throw logNotFound(id);
  return view;
}

/**
 * Requires that a log was made with the API key of the workspace.
 *
 * @throws `log_not_found` (not_found) when it was not, or does not exist.
 */
export async function requireOwnLog(workspace: Workspace, id: string): Promise<void> {
  if (!(await isOwnLog(workspace, id))) throw logNotFound(id);
}

/**
 * Deletes logs, and all logs below them. Their runs end, and write nothing more.
 *
 * @throws `log_not_found` (not_found) when one of the logs does not exist; then none is deleted.
 */
export async function removeLogs(
  { evaluations }: Pick<LogParts, 'evaluations'>,
  workspace: Workspace,
  ids: readonly string[],
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    const [missing] = await missingLogs(workspace, ids);
    if (missing !== undefined) throw logNotFound(missing);
    const doomed = await lockDoomed(workspace, ids);
    await evaluations.deleting(workspace, doomed);
    await deleteLogs(workspace, doomed);
  });
}
