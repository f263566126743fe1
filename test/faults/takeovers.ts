import type { StoredRuns } from './stored-runs.ts';

/** A run that another process took from the one that drove it. */
interface Takeover {
  readonly logId: string;
  /** Milliseconds since the last write of the run, its nested runs and its lease. */
  readonly afterMs: number;
}

/** All takeovers of some runs; those of nested runs do not count separately. */
export function findTakeovers({ logs, observed }: StoredRuns): readonly Takeover[] {
  const rootOf = new Map(logs.map(({ id, trace_id }) => [id, trace_id ?? id]));
  const writtenAt = Map.groupBy(
    [...observed.leases, ...observed.turns, ...observed.results],
    ({ log_id }) => rootOf.get(log_id),
  );
  const takeovers: Takeover[] = [];
  for (const [logId, leases] of Map.groupBy(observed.leases, ({ log_id }) => log_id)) {
    if (rootOf.get(logId) !== logId) continue;
    leases.forEach(({ state, token, at }, index) => {
      const before = leases[index - 1];
      if (state !== 'running' || before?.state !== 'running' || before.token === token) return;
      const last = Math.max(
        ...(writtenAt.get(logId) ?? []).map((written) => written.at).filter((time) => time < at),
      );
      takeovers.push({ logId, afterMs: at - last });
    });
  }
  return takeovers;
}
