import { CompiledQuery } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { errorFields, type Logger } from '../kernel/logger.ts';
import type { FileVersion } from './file-version.ts';

interface Use {
  readonly organizationId: string;
  readonly fileId: string;
  readonly versionId: string;
  count: number;
  lastUsedAt: Timestamp;
}

/** Milliseconds between two writes: the longest delay of a count. */
const flushIntervalMs = 1_000;

/** Logs after which statistics are good enough to plan for many more. */
const logsToAnalyze = 50;

/**
 * Counts the logs of each version and remembers when it was last used. Counts in memory and writes
 * in batches, at most a second late, so that no call waits for a counter.
 */
export class UsageCounter {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  #uses = new Map<string, Use>();
  #written = 0;
  #flushing: Promise<void> = Promise.resolve();

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.flush(), flushIntervalMs).unref();
  }

  /** Counts a new log of a version. */
  add(organizationId: string, { id, versionId }: FileVersion, usedAt: Timestamp): void {
    const use = this.#uses.get(versionId);
    if (use) {
      use.count += 1;
      if (usedAt > use.lastUsedAt) use.lastUsedAt = usedAt;
    } else {
      this.#uses.set(versionId, {
        organizationId,
        fileId: id,
        versionId,
        count: 1,
        lastUsedAt: usedAt,
      });
    }
  }

  /** Writes all counts. If that fails, they are kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  /** Writes the rest. Add nothing afterwards. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #write(): Promise<void> {
    const uses = [...this.#uses.values()];
    if (uses.length === 0) return;
    this.#uses = new Map();
    // Sorted, so that two processes lock shared rows in the same order and cannot deadlock.
    uses.sort((a, b) => (a.versionId < b.versionId ? -1 : 1));
    try {
      await this.#database.db.executeQuery(
        CompiledQuery.raw(
          `INSERT INTO version_usage (organization_id, file_id, version_id, logs_count, last_used_at)
          SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
          ON CONFLICT (organization_id, file_id, version_id) DO UPDATE SET
            logs_count = version_usage.logs_count + excluded.logs_count,
            last_used_at = greatest(version_usage.last_used_at, excluded.last_used_at)`,
          [
            uses.map((use) => use.organizationId),
            uses.map((use) => use.fileId),
            uses.map((use) => use.versionId),
            uses.map((use) => use.count),
            uses.map((use) => use.lastUsedAt),
          ],
        ),
      );
    } catch (error) {
      for (const use of uses) this.#putBack(use);
      this.#logger.warn(
        errorFields(error),
        'Usage counts could not be written. They are kept and written later.',
      );
      return;
    }
    await this.#noteWritten(uses.reduce((sum, use) => sum + use.count, 0));
  }

  /**
   * Runs ANALYZE as soon as the tables have data. Without statistics every index looks equally good
   * to Postgres, and a prepared statement would keep a bad plan while the tables grow. Autovacuum
   * looks only once a minute.
   */
  async #noteWritten(count: number): Promise<void> {
    const before = this.#written;
    this.#written += count;
    if (before >= logsToAnalyze || this.#written < logsToAnalyze) return;
    await this.#database.pool.query('ANALYZE log, turn, run').catch((error: unknown) => {
      this.#logger.warn(
        errorFields(error),
        'Postgres could not update its statistics. It is tried again later.',
      );
    });
  }

  #putBack(use: Use): void {
    const newer = this.#uses.get(use.versionId);
    if (newer) newer.count += use.count;
    else this.#uses.set(use.versionId, use);
  }
}
