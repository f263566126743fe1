import type { Static } from 'typebox';
import type { Caller } from '../../accounts/authenticate.ts';
import { clippedLength, type logSummary } from '../../contract/log-list.ts';
import { loadSummaries } from '../../logs/list/list-queries.ts';

/** Short forms of logs of one file, in the order of the ids. */
export async function summaryBodies(
  workspace: Caller['workspace'],
  { path }: { readonly path: string },
  ids: readonly string[],
): Promise<Static<typeof logSummary>[]> {
  const summaries = await loadSummaries(workspace, ids, clippedLength);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return summaries.map((summary) => ({ ...summary, path, name }));
}
