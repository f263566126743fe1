import type { FedLog, FeedConsumer } from '../feed/feed-consumer.ts';
import { addUnsearched, deleteOpen, saveOpen } from './search-queries.ts';

/**
 * Keeps the lists of logs that are not in the index of texts: incomplete logs, and complete logs
 * that the `TextIndexer` has not reached. A search reads the texts of these logs themselves.
 */
export const searchIntake: FeedConsumer = {
  name: 'search',
  async consume(db, logs) {
    const byLog = Map.groupBy(logs, (log) => `${log.organizationId} ${log.fileId} ${log.id}`);
    const summaries = [...byLog.values()].map(summarize);
    await saveOpen(
      db,
      summaries.filter(({ wasOpen, isOpen }) => isOpen && !wasOpen).map(({ log }) => log),
    );
    await deleteOpen(
      db,
      summaries.filter(({ wasOpen, isOpen }) => wasOpen && !isOpen).map(({ log }) => log),
    );
    const complete = summaries.filter(({ log }) => log.isComplete).map(({ log }) => log);
    const byFile = Map.groupBy(complete, (log) => `${log.organizationId} ${log.fileId}`);
    await addUnsearched(db, [...byFile.values()].flatMap(inParts));
  },
};

/** @param writes the writes of one log, in order. */
function summarize(writes: readonly FedLog[]) {
  const [first, last] = [writes[0], writes.at(-1)] as readonly [FedLog, FedLog];
  return {
    log: last,
    wasOpen: first.change !== 'made' && !first.wasComplete,
    isOpen: last.change !== 'deleted' && !last.isComplete,
  };
}

/** The most logs in one row of `log_unsearched`, so that indexing a row is quick. */
const mostInPart = 200;

function inParts(logs: readonly FedLog[]): readonly FedLog[][] {
  return Array.from({ length: Math.ceil(logs.length / mostInPart) }, (_, part) =>
    logs.slice(part * mostInPart, (part + 1) * mostInPart),
  );
}
