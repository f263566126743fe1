import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { lockJudgedLogs } from '../tasks/result-queries.ts';
import {
  endBacklog,
  hasBacklog,
  listBacklogLogs,
  lockBacklog,
  updateBacklog,
} from './backlog-queries.ts';
import { countJudgments } from './count-judgments.ts';

/** Milliseconds between two looks for judgments to count. */
const lookIntervalMs = 1_000;
/** The most logs that one transaction counts. */
const logsAtOnce = 1_000;
/** Milliseconds of rest for each millisecond of counting: requests need the database, too. */
const restFactor = 4;

/**
 * Counts, in the background, the judgments of evaluator logs that are older than the table of
 * judgments. When there are none left, it does nothing.
 */
export class EarlierJudgments {
  readonly #database: Database;
  readonly #looks: Periodic;
  readonly #stopping = new AbortController();
  #isDone = false;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#looks = new Periodic(lookIntervalMs, () => this.#count(), {
      logger,
      complaint: 'Judgments of earlier releases could not be counted.',
    });
  }

  /** Stops after the current transaction. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looks.stop();
  }

  async #count(): Promise<void> {
    const { signal } = this.#stopping;
    // Nothing is ever added: when there is no backlog, there will be none.
    this.#isDone ||= !(await hasBacklog(this.#database));
    while (!this.#isDone && !signal.aborted) {
      const startedAt = performance.now();
      if (!(await countEarlierJudgments(this.#database))) return;
      const restMs = (performance.now() - startedAt) * restFactor;
      await wait(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

/**
 * Counts some judgments.
 *
 * @returns false when there are none left, none are due, or other servers are counting them.
 */
export function countEarlierJudgments({ db }: Pick<Database, 'db'>): Promise<boolean> {
  return db.transaction().execute(async (db) => {
    const backlog = await lockBacklog(db);
    if (!backlog) return false;
    const logs = await listBacklogLogs(backlog, logsAtOnce);
    // Lock the judged logs first: inserting judgments locks them, too, and it locks the Runs before.
    const judgedIds = logs.flatMap(({ parent_id: id }) => id ?? []);
    await lockJudgedLogs(backlog.workspace, judgedIds);
    await countJudgments(backlog.workspace, logs);
    const last = logs.at(-1);
    if (last && logs.length === logsAtOnce) await updateBacklog(backlog, last);
    else await endBacklog(backlog);
    return true;
  });
}
