import type { Database } from '../database/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { Periodic } from '../kernel/periodic.ts';
import { type Use, writeKeyUses, writeSessionUses } from './caller-queries.ts';

const writers = { key: writeKeyUses, session: writeSessionUses } as const;

/** Notes when keys and sessions were used last, and writes that now and then: never per request. */
export class LastUses {
  readonly #database: Pick<Database, 'db'>;
  readonly #used = { key: new Map<string, Use>(), session: new Map<string, Use>() };
  readonly #periodic: Periodic;

  /** @param everyMs milliseconds between two writes: a time that is shown is at most so late. */
  constructor(
    database: Pick<Database, 'db'>,
    { everyMs, logger }: { readonly everyMs: number; readonly logger: Logger },
  ) {
    this.#database = database;
    const complaint = 'When keys and sessions were used last could not be written.';
    this.#periodic = new Periodic(everyMs, () => this.#write(), { logger, complaint });
  }

  note(type: keyof typeof writers, used: Omit<Use, 'at'>): void {
    const { organizationId, id } = used;
    this.#used[type].set(id, { organizationId, id, at: Date.now() });
  }

  /** Writes what was noted, and no longer on its own. */
  async stop(): Promise<void> {
    await this.#periodic.run();
    await this.#periodic.stop();
  }

  async #write(): Promise<void> {
    for (const type of ['key', 'session'] as const) {
      const noted = this.#used[type];
      const uses = [...noted.values()];
      if (uses.length === 0) continue;
      await writers[type](this.#database, uses);
      // What was used again meanwhile stays noted.
      for (const use of uses) if (noted.get(use.id) === use) noted.delete(use.id);
    }
  }
}
