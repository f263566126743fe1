import type { Static } from 'typebox';
import type { Caller } from '../../accounts/authenticate.ts';
import type { logSummary } from '../../contract/log-list.ts';
import { summarizeLogs } from '../../logs/list/list-logs.ts';

/** Short forms of logs of one file, in the order of the ids. */
export async function summaryBodies(
  workspace: Caller['workspace'],
  { path }: { readonly path: string },
  ids: readonly string[],
): Promise<Static<typeof logSummary>[]> {
  const summaries = await summarizeLogs(workspace, ids);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return summaries.map((summary) => ({ ...summary, path, name }));
}
