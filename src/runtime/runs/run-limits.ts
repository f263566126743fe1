import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { tooManyRuns, tooManyRunsHere } from './errors.ts';
import { countRunning, lockOpenings } from './run-limit-queries.ts';
import type { BelowLimits } from './runs-below.ts';
import type { RunsUnderWay } from './runs-under-way.ts';

/** The limits that the operator sets for runs. */
export interface RunLimits {
  /** Milliseconds that a run may take from a call or continue to its rest. */
  readonly timeoutMs: number;
  /**
   * The most runs that an organization may have in progress on all servers, without child runs;
   * undefined: each server has its own limit, `atOnceHere`.
   */
  readonly atOnce: number | undefined;
  /** The most runs of an organization that one server drives, with child runs. */
  readonly atOnceHere: number;
  /** The most tool calls of one answer that are run. */
  readonly callsPerTurn: number;
  /** How many of them are run side by side. */
  readonly callsAtOnce: number;
  /**
   * Milliseconds of processor time for those checks of arguments that take long, of a run and all
   * runs below it.
   */
  readonly checksMs: number;
  readonly below: BelowLimits;
}

/** What is needed to say whether one more run may begin. */
interface Limiter {
  readonly parts: { readonly runLimits: RunLimits };
  readonly underWay: RunsUnderWay;
}

/**
 * Starts or continues a run unless its organization has reached its limit. A limit that the operator
 * has set holds across all servers, and costs a transaction; without one each server counts the runs
 * that it drives, which costs no statement.
 *
 * A child run does not count for a limit that was set: its parent holds a place already, and would
 * wait forever for a second one.
 *
 * @param begin writes the run as `running`.
 * @throws `too_many_runs` (too_many), and nothing is written; for a limit that was set, before that
 *   whatever `begin` throws.
 */
export async function withinRunLimit<Result>(
  { parts: { runLimits }, underWay }: Limiter,
  workspace: Workspace,
  begin: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  const { atOnce, atOnceHere } = runLimits;
  const { organizationId } = workspace;
  if (atOnce === undefined) {
    if (underWay.of(organizationId) >= atOnceHere) throw tooManyRunsHere(atOnceHere);
    // Runs that are being begun count too: a thousand requests may arrive at once.
    const end = underWay.add(organizationId);
    return begin(workspace).finally(end);
  }
  return inTransaction(workspace, async (workspace) => {
    await lockOpenings(workspace);
    // Count after `begin`, not before: a repeated request must fail as a repeat in `begin`, and not
    // because of too many runs.
    const result = await begin(workspace);
    if ((await countRunning(workspace, atOnce + 1)) > atOnce) throw tooManyRuns(atOnce);
    return result;
  });
}

/**
 * Counts one more run below a run. It is refused when there are too many, and never waits: the runs
 * that it would wait for may be waiting for it.
 *
 * @returns a function that counts it no longer, or the refusal, as text for the model.
 */
export function placeBelow(
  { atOnce, atOnceHere }: RunLimits,
  underWay: RunsUnderWay,
  organizationId: string,
): string | (() => void) {
  const most = Math.max(atOnceHere, atOnce ?? 0);
  return underWay.of(organizationId) < most
    ? underWay.add(organizationId)
    : `the server already has ${most} runs of this organization in progress, which is the limit (RUN_CONCURRENCY_PER_ORGANIZATION).`;
}
