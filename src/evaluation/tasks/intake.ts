import type { Queries } from '../../database/database.ts';
import { openWorkspace } from '../../database/workspace.ts';
import type { FedLog, FeedConsumer } from '../../logs/feed/feed-consumer.ts';
import { deleteStats } from '../judgments/judgment-queries.ts';
import { describeReplays } from '../replays/describe-replays.ts';
import { reopenRuns } from '../runs/run-status.ts';
import {
  addTasksForLogs,
  type ConcernedWrite,
  deleteTasksOfUnreadyLogs,
  findConcerned,
  type LogWrite,
  lockRunsOfLogs,
  markJudgmentsOutdated,
  type RunOfLogs,
  updateSlots,
} from './intake-queries.ts';

/** The most logs of one statement. */
const logsAtOnce = 5_000;

/**
 * Notices logs that can be judged, and that can be no longer: their slots in Runs become ready, and
 * tasks are added for the evaluators of Runs and for monitoring evaluators. A log whose content
 * changes is judged again.
 */
export const evaluationIntake: FeedConsumer = {
  name: 'evaluation',
  async consume(db, logs) {
    const byLog = Map.groupBy(logs, (log) => `${log.organizationId} ${log.id}`);
    const writes = [...byLog.values()].flatMap(summarize);
    await takeIn(db, writes);
  },
};

/**
 * @param writes the writes of one log, in order.
 * @returns nothing when they cannot matter: the log was made incomplete and still is, or only its
 *   metadata changed.
 */
function summarize(writes: readonly FedLog[]): readonly LogWrite[] {
  const relevant = writes.filter(
    ({ change, contentChanged, wasComplete, isComplete }) =>
      change === 'deleted' || (contentChanged && (wasComplete || isComplete)),
  );
  const [first] = relevant;
  if (!first) return [];
  const { organizationId, id, fileId } = first;
  // Also of a log that is new in the feed: a Run may have had it judged already.
  const changes = relevant.filter(({ change }) => change !== 'made');
  return [
    {
      organizationId,
      id,
      fileId,
      isChanged: changes.length > 0,
      wasComplete: changes.some(({ wasComplete }) => wasComplete),
    },
  ];
}

/**
 * Takes writes in.
 *
 * @param db in a transaction that has locked no Run.
 */
export async function takeIn(db: Queries, writes: readonly LogWrite[]): Promise<void> {
  const concerned: ConcernedWrite[] = [];
  for (const some of partsOf(writes)) concerned.push(...(await findConcerned(db, some)));
  if (concerned.length === 0) return;
  // Change all logs, and then lock all Runs, before anything else: another order would deadlock. Lock
  // the Runs before their slots and tasks are read, as everybody does who changes these.
  await compareReplays(db, concerned);
  const runs = await lockRunsOfLogs(db, concerned);
  for (const some of partsOf(concerned)) await takeInPart(db, some, runs);
}

/** Parts of a list that are short enough for one statement each. */
function* partsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += logsAtOnce) {
    yield items.slice(first, first + logsAtOnce);
  }
}

/** @param runs that have the logs, locked. */
async function takeInPart(
  db: Queries,
  concerned: readonly ConcernedWrite[],
  runs: readonly RunOfLogs[],
): Promise<void> {
  await updateSlots(db, concerned);
  await markJudgmentsOutdated(db, concerned);
  await deleteTasksOfUnreadyLogs(db, concerned);
  const added = await addTasksForLogs(db, concerned);
  const completed = runs.filter(({ status }) => status === 'completed');
  for (const [organizationId, runs] of Map.groupBy(completed, (run) => run.organizationId)) {
    const workspace = openWorkspace({ db }, organizationId);
    const taken = new Set(added.flatMap((task) => (isOf(organizationId, task) ? task.logId : [])));
    const changed = new Set(
      concerned.flatMap((log) => (isOf(organizationId, log) && log.wasComplete ? log.id : [])),
    );
    const isAwaited = ({ isClosed, logIds }: RunOfLogs) =>
      logIds.some((id) => taken.has(id) && (!isClosed || changed.has(id)));
    await reopenRuns(workspace, runs.filter(isAwaited).map(idOf));
    await deleteStats(workspace, runs.map(idOf));
  }
}

function isOf(id: string, { organizationId }: { readonly organizationId: string }): boolean {
  return organizationId === id;
}

function idOf({ id }: RunOfLogs): string {
  return id;
}

/** Compares logs with those that they replay, before they are judged and before Runs are locked. */
async function compareReplays(db: Queries, concerned: readonly ConcernedWrite[]): Promise<void> {
  const replays = concerned.flatMap(({ organizationId, id: logId, replayedLogId }) =>
    replayedLogId === null ? [] : [{ organizationId, logId, replayedLogId }],
  );
  for (const [organizationId, pairs] of Map.groupBy(replays, (pair) => pair.organizationId)) {
    await describeReplays(openWorkspace({ db }, organizationId), pairs);
  }
}
