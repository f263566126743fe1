import type { FedLog, FeedConsumer } from '../feed/feed-consumer.ts';
import { addCounts, type VersionCounts } from './count-queries.ts';

/**
 * Keeps three values for each version: how many logs it has, how many it ever had, and when it was
 * last used.
 */
export const logCounts: FeedConsumer = {
  name: 'log counts',
  async consume(db, logs) {
    const byVersion = Map.groupBy(logs, (log) => `${log.organizationId} ${log.versionId}`);
    const counts = [...byVersion.values()].map(sumCounts);
    await addCounts(
      db,
      counts.filter(({ made, deleted }) => made > 0 || deleted > 0),
    );
  },
};

/** @param logs the writes of logs of one version. */
function sumCounts(logs: readonly FedLog[]): VersionCounts {
  const [{ organizationId, fileId, versionId }] = logs as readonly [FedLog];
  return {
    organizationId,
    fileId,
    versionId,
    made: logs.filter(({ change }) => change === 'made').length,
    deleted: logs.filter(({ change }) => change === 'deleted').length,
    lastUsedAt:
      logs
        .flatMap(({ usedAt }) => usedAt ?? [])
        .toSorted()
        .at(-1) ?? null,
  };
}
