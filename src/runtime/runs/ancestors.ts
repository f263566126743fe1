import type { Workspace } from '../../database/workspace.ts';
import { findLog } from '../../logs/log-queries.ts';

/** The file ids of the agents above a run, outermost first. */
export async function findAncestors(
  workspace: Workspace,
  parentLogId: string | null,
): Promise<readonly string[]> {
  if (parentLogId === null) return [];
  const parent = await findLog(workspace, parentLogId);
  if (!parent) return [];
  const above = await findAncestors(workspace, parent.run?.parent_log_id ?? null);
  return [...above, parent.record.file_id];
}
