import { isDeepStrictEqual } from 'node:util';
import { outerPath } from './agents.ts';
import { Dice, deriveSeed } from './dice.ts';
import { planText } from './plan.ts';
import { type Ask, persist, type Reply } from './requests.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** Calls that leave the id of their log to the server, each sent twice at once with one key. */
export class KeyedCalls {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #seed: number;
  readonly #answered: { readonly asked: Ask; readonly text: string; readonly reply: Reply }[] = [];

  constructor(world: World, tally: Tally, seed: number) {
    this.#world = world;
    this.#tally = tally;
    this.#seed = seed;
  }

  /** Makes a number of calls, one after the other. */
  async call(count: number): Promise<void> {
    const dice = new Dice(this.#seed);
    for (let number = 0; number < count; number++) {
      const text = planText(deriveSeed(this.#seed, 0, number), 0);
      const asked = {
        method: 'POST' as const,
        path: '/v5/agents/call',
        body: { path: outerPath, messages: [{ role: 'user', content: text }] },
        headers: { 'idempotency-key': `called-${this.#seed}-${number}` },
      };
      const server = dice.between(0, 9);
      const [reply, other] = await Promise.all([
        persist(this.#world, this.#tally, server, asked),
        persist(this.#world, this.#tally, server + 1, asked),
      ]);
      this.#tally.add('calls sent twice with one key');
      this.#requireSame(asked, reply, other);
      this.#answered.push({ asked, text, reply });
    }
  }

  /** Checks that each call has made one log, and still gets the same answer. */
  async check(): Promise<void> {
    const { rows } = await this.#world.database.pool.query<{ id: string; text: string }>(
      "SELECT id, messages->0->>'content' AS text FROM log WHERE messages->0->>'content' = ANY($1)",
      [this.#answered.map(({ text }) => text)],
    );
    for (const { asked, text, reply } of this.#answered) {
      const ids = rows.filter((row) => row.text === text).map(({ id }) => id);
      const isOne = ids.length === 1 && (reply.status !== 200 || ids[0] === reply.body.id);
      if (!isOne) this.#tally.violation(`a call with a key made ${ids.join() || 'no log'}`);
      this.#requireSame(asked, reply, await persist(this.#world, this.#tally, 0, asked));
    }
  }

  #requireSame({ headers }: Ask, one: Reply, other: Reply): void {
    const told = [one, other].map(({ status, body: { request_id: _, ...body } }) => [status, body]);
    if (isDeepStrictEqual(told[0], told[1])) return;
    this.#tally.violation(
      `${headers?.['idempotency-key']} was answered ${JSON.stringify(told[0]).slice(0, 300)} and ${JSON.stringify(told[1]).slice(0, 300)}`,
    );
  }
}
