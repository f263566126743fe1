import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { tooManyRuns } from './errors.ts';
import { countRunning, lockOpenings } from './run-limit-queries.ts';

/** The limits that the operator sets for runs. */
export interface RunLimits {
  /** Milliseconds that a run may take from a call or continue to its rest. */
  readonly timeoutMs: number;
  /** The most runs that an organization may have in progress; undefined: no limit. */
  readonly atOnce: number | undefined;
}

/**
 * Starts or continues a run unless its organization has reached its limit. The limit holds across
 * all servers.
 *
 * A child run does not count: its parent holds a place already, and would wait forever for a second
 * one.
 *
 * @param begin writes the run as `running`.
 * @throws `too_many_runs` (too_many), and nothing is written; before that, whatever `begin` throws.
 */
export async function withinRunLimit<Result>(
  { atOnce }: RunLimits,
  workspace: Workspace,
  begin: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  if (atOnce === undefined) return begin(workspace);
  return inTransaction(workspace, async (workspace) => {
    await lockOpenings(workspace);
    // Count after `begin`, not before: a repeated request must fail as a repeat in `begin`, and not
    // because of too many runs.
    const result = await begin(workspace);
    if ((await countRunning(workspace, atOnce + 1)) > atOnce) throw tooManyRuns(atOnce);
    return result;
  });
}
