import type { StoredRuns } from './stored-runs.ts';
import type { Story } from './story.ts';

/** The logs of runs that were interrupted for want of keys, each as often as that happened. */
export function interruptionsOf({ observed }: StoredRuns): readonly string[] {
  return observed.leases.flatMap(({ log_id, state }) => (state === 'interrupted' ? [log_id] : []));
}

/**
 * Whether runs were interrupted that had what they needed: only keys of a call can be lost, and only
 * with the server that has them. The end of a nested agent that was answered by its own log lets the
 * agents above go on, which have nobody's keys either.
 *
 * @param mayInterrupt true: servers were hindered.
 * @returns what is wrong, one sentence each.
 */
export function flawsOfInterruptions(
  stored: StoredRuns,
  stories: readonly Story[],
  mayInterrupt: boolean,
): readonly string[] {
  return interruptionsOf(stored).flatMap((logId) => {
    const log = stored.logs.find(({ id }) => id === logId);
    const story = stories.find((story) => [log?.id, log?.trace_id].includes(story.logId));
    if (!story) return [];
    if (!story.bringsKeys) return [`log ${logId} was interrupted, and had no keys of its own`];
    if (mayInterrupt || story.hasAnsweredBelow) return [];
    return [`log ${logId} was interrupted, and no server was hindered`];
  });
}
