import type { StoredRuns } from './stored-runs.ts';
import type { Story } from './story.ts';

/** The ids of logs whose runs were interrupted for missing keys, once for each interruption. */
export function findInterruptions({ observed }: StoredRuns): readonly string[] {
  return observed.leases.flatMap(({ log_id, state }) => (state === 'interrupted' ? [log_id] : []));
}

/**
 * Checks that only runs were interrupted that had lost something: the keys of a call, together with
 * their server. One more case is allowed: when a nested agent is answered by its own log, the
 * agents above it continue without anybody's keys.
 *
 * @param mayInterrupt true: servers were killed or hindered.
 * @returns what is wrong, one sentence each.
 */
export function checkInterruptions(
  stored: StoredRuns,
  stories: readonly Story[],
  mayInterrupt: boolean,
): readonly string[] {
  return findInterruptions(stored).flatMap((logId) => {
    const log = stored.logs.find(({ id }) => id === logId);
    const story = stories.find((story) => [log?.id, log?.trace_id].includes(story.logId));
    if (!story) return [];
    if (!story.bringsKeys) return [`log ${logId} was interrupted, and had no keys of its own`];
    if (mayInterrupt || story.hasAnsweredBelow) return [];
    return [`log ${logId} was interrupted, and no server was hindered`];
  });
}
