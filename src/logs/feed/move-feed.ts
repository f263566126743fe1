import { tryAdvisoryLock } from '../../database/advisory-locks.ts';
import type { Database, Queries } from '../../database/database.ts';
import { withSavepoint } from '../../database/workspace.ts';
import { type Timestamp, timestamp } from '../../kernel/clock.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import type { FedLog, FeedConsumer } from './feed-consumer.ts';
import {
  deleteRows,
  type FeedRow,
  hasFeedRows,
  listDueRows,
  mostRows,
  postponeFailed,
  postponeUntil,
  rowsAtOnce,
} from './feed-queries.ts';

/** The result of one transaction. */
export interface FeedMove {
  readonly logs: number;
  /** True: an organization may have more rows that are due. */
  readonly isMore: boolean;
}

/**
 * Passes the oldest rows of the feed to all consumers and deletes the rows, in one transaction.
 * Does nothing while another server is moving rows.
 *
 * When a consumer fails at a row, the row has no effect on any consumer. It stays in the feed and
 * is tried again later. Later rows of the same logs wait for it; all other rows are moved.
 *
 * @throws FeedRowsGone when rows were deleted meanwhile. Nothing is moved then.
 */
export async function moveFeed(
  { db }: Pick<Database, 'db'>,
  consumers: readonly FeedConsumer[],
  logger: Logger,
): Promise<FeedMove> {
  const nothing = { logs: 0, isMore: false };
  // Look first: an idle server then sends one statement instead of the four of a transaction.
  if (!(await hasFeedRows(db))) return nothing;
  return db.transaction().execute(async (db) => {
    if (!(await tryAdvisoryLock(db, 'moveFeed'))) return nothing;
    const due = await listDueRows(db);
    const move = new Move(db, consumers, logger);
    const moved = await move.handOver(due);
    await deleteRows(db, moved);
    const perOrganization = Map.groupBy(due, ({ organizationId }) => organizationId);
    return {
      logs: moved.reduce((sum, { logIds }) => sum + logIds.length, 0),
      // After a failure wait for the next look: most likely more rows would fail.
      isMore:
        !move.hasFailed &&
        (due.length === mostRows ||
          [...perOrganization.values()].some(({ length }) => length === rowsAtOnce)),
    };
  });
}

/**
 * The most rows that may fail one by one in one transaction. When a consumer fails at every row, the
 * rest stays in the feed as it is, instead of failing row by row.
 */
const mostFailures = 20;

/** The work of one transaction. */
class Move {
  readonly #db: Queries;
  readonly #consumers: readonly FeedConsumer[];
  readonly #logger: Logger;
  /** When the postponed rows of a log are tried again, by organization and log. */
  readonly #postponed = new Map<string, Timestamp>();
  /** True when a consumer has failed at a row. */
  hasFailed = false;

  constructor(db: Queries, consumers: readonly FeedConsumer[], logger: Logger) {
    this.#db = db;
    this.#consumers = consumers;
    this.#logger = logger;
  }

  /** @returns the rows that all consumers have processed. */
  async handOver(due: readonly FeedRow[]): Promise<readonly FeedRow[]> {
    // Pass rows that failed before one by one: in a batch they would make all other rows fail
    // again.
    const retried = await this.#handOverEach(due.filter(({ tries }) => tries > 0));
    const ready = await this.#withoutPostponed(due.filter(({ tries }) => tries === 0));
    if (ready.length === 0) return retried;
    try {
      await this.#handToAll(ready);
      return [...retried, ...ready];
    } catch {
      // Pass each row alone, to find the rows that fail.
      return [...retried, ...(await this.#handOverEach(ready))];
    }
  }

  async #handOverEach(rows: readonly FeedRow[]): Promise<readonly FeedRow[]> {
    const taken: FeedRow[] = [];
    let failures = 0;
    for (const row of rows) {
      if (failures === mostFailures) {
        // Later rows of the same logs must not be moved before this one.
        this.#keepBehind(row, timestamp(new Date()));
        continue;
      }
      const [ready] = await this.#withoutPostponed([row]);
      if (!ready) continue;
      if (await this.#isTaken(ready)) taken.push(ready);
      else failures += 1;
    }
    return taken;
  }

  async #isTaken(row: FeedRow): Promise<boolean> {
    try {
      await this.#handToAll([row]);
      return true;
    } catch (error) {
      this.hasFailed = true;
      const retryAt = await postponeFailed(this.#db, row);
      this.#keepBehind(row, retryAt);
      const { organizationId, number, change, logIds, tries } = row;
      this.#logger.error(
        {
          ...errorFields(error),
          organizationId,
          number,
          change,
          logIds,
          tries: tries + 1,
          retryAt,
        },
        'A consumer of the feed of logs failed. It gets these logs again later.',
      );
      return false;
    }
  }

  /** Passes rows to all consumers. When one consumer fails, the writes of all are undone. */
  async #handToAll(rows: readonly FeedRow[]): Promise<void> {
    const logs = rows.flatMap(fedLogs);
    await withSavepoint({ db: this.#db }, async () => {
      for (const { name, consume } of this.#consumers) {
        try {
          await consume(this.#db, logs);
        } catch (cause) {
          throw new Error(`The consumer \`${name}\` failed.`, { cause });
        }
      }
    });
  }

  /**
   * The rows that can be moved now. Postpones rows that must wait for an earlier row of the same
   * log.
   */
  async #withoutPostponed(rows: readonly FeedRow[]): Promise<readonly FeedRow[]> {
    const ready: FeedRow[] = [];
    for (const row of rows) {
      const until = row.behindUntil ?? this.#postponedUntil(row);
      if (until === undefined) {
        ready.push(row);
      } else {
        await postponeUntil(this.#db, row, until);
        this.#keepBehind(row, until);
      }
    }
    return ready;
  }

  #postponedUntil(row: FeedRow): Timestamp | undefined {
    const times = row.logIds.flatMap((id) => this.#postponed.get(keyOf(row, id)) ?? []);
    return times.toSorted().at(-1);
  }

  #keepBehind(row: FeedRow, until: Timestamp): void {
    for (const id of row.logIds) this.#postponed.set(keyOf(row, id), until);
  }
}

function fedLogs({ logIds, number, tries, behindUntil, ...write }: FeedRow): readonly FedLog[] {
  return logIds.map((id) => ({ ...write, id }));
}

function keyOf({ organizationId }: FeedRow, logId: string): string {
  return `${organizationId} ${logId}`;
}
