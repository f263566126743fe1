import { outerPath } from './agents.ts';
import { Dice } from './dice.ts';
import { persist } from './requests.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** Writes logs during the faults, each until it is acknowledged. */
export class Writer {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #seed: number;
  /** The acknowledged logs: their outputs, and the ids that the client chose. */
  readonly #acknowledged: { readonly output: string; readonly id: string }[] = [];

  constructor(world: World, tally: Tally, seed: number) {
    this.#world = world;
    this.#tally = tally;
    this.#seed = seed;
  }

  /** Writes a number of logs one after the other: half with their own ids, half with a key. */
  async write(count: number): Promise<void> {
    const dice = new Dice(this.#seed);
    for (let number = 0; number < count; number++) {
      const output = `written ${this.#seed} ${number}`;
      const hasId = dice.chance(0.5);
      const logId = `written-${this.#seed}-${number}`;
      const reply = await persist(this.#world, this.#tally, dice.between(0, 9), {
        method: 'POST',
        path: '/v5/agents/log',
        body: { path: outerPath, output, ...(hasId ? { log_id: logId } : {}) },
        headers: hasId ? {} : { 'idempotency-key': logId },
      });
      if (reply.status === 200) {
        this.#acknowledged.push({ output, id: reply.body.id });
        this.#tally.add('logs written');
      } else
        this.#tally.violation(
          `${logId} was refused: ${reply.status} ${JSON.stringify(reply.body)}`,
        );
    }
  }

  /** Checks that each log exists exactly once. */
  async check(): Promise<void> {
    const { rows } = await this.#world.database.pool.query<{ id: string; output: string }>(
      'SELECT id, output FROM log WHERE output = ANY($1)',
      [this.#acknowledged.map(({ output }) => output)],
    );
    for (const { id, output } of this.#acknowledged) {
      const found = rows.filter((row) => row.output === output).map((row) => row.id);
      if (found.length !== 1 || found[0] !== id) {
        this.#tally.violation(`log ${id} was acknowledged, and there is ${found.join() || 'none'}`);
      }
    }
  }
}
