import type { Static } from 'typebox';
import type { logSummary } from '../contract/log-list.ts';
import type { Workspace } from '../database/workspace.ts';
import { summarizeLogs } from '../logs/list/list-logs.ts';

/** Short forms of logs of one file, in the order of the ids. */
export async function summaryBodies(
  workspace: Workspace,
  { path }: { readonly path: string },
  ids: readonly string[],
): Promise<Static<typeof logSummary>[]> {
  const summaries = await summarizeLogs(workspace, ids);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return summaries.map((summary) => ({ ...summary, path, name }));
}
