import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { tooManyRuns } from './errors.ts';
import { countRunning, lockOpenings } from './run-limit-queries.ts';

/** What the operator lets runs take. */
export interface RunLimits {
  /** Milliseconds for which a run is driven, from a call or a continue until it comes to rest. */
  readonly timeoutMs: number;
  /** Runs of an organization that are under way at once; undefined: any number. */
  readonly atOnce: number | undefined;
}

/**
 * Lets a run begin, or go on, if its organization may have one more under way. Of any number of
 * servers that do so at once, no more succeed than may.
 *
 * A run below another is not counted: the one above it holds a place, and would wait for it.
 *
 * @param begin writes what makes the run one that is under way.
 * @throws `too_many_runs` (too_many), and nothing is written; what `begin` throws goes before.
 */
export async function withinRunLimit<Result>(
  { atOnce }: RunLimits,
  workspace: Workspace,
  begin: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  if (atOnce === undefined) return begin(workspace);
  return inTransaction(workspace, async (workspace) => {
    await lockOpenings(workspace);
    // Count after the run has begun, not before: a repeated request must be told that it is one, and
    // not that there are too many runs.
    const result = await begin(workspace);
    if ((await countRunning(workspace, atOnce + 1)) > atOnce) throw tooManyRuns(atOnce);
    return result;
  });
}
