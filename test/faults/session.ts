import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { keysOfCall } from './agents.ts';
import { Dice } from './dice.ts';
import { planFor } from './plan.ts';
import { type Answered, type Ask, patienceMs, persist, type Reply } from './requests.ts';
import type { Script } from './script.ts';
import type { Log, Story } from './story.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** The state that all actions of a client share: its run, and the server to try next. */
export class Session {
  readonly world: World;
  readonly tally: Tally;
  readonly script: Script;
  readonly dice: Dice;
  readonly story: Story;
  #server: number;
  #keyCount = 0;
  /** The successful requests that had a key, with their answers. */
  readonly #kept: { readonly asked: Ask; readonly reply: Reply }[] = [];

  constructor(world: World, tally: Tally, script: Script) {
    this.world = world;
    this.tally = tally;
    this.script = script;
    this.dice = new Dice(script.seed);
    this.#server = script.server;
    this.story = {
      logId: script.logId,
      plan: planFor(script.planSeed, 0, world.options),
      save: script.save,
      bringsKeys: script.bringsKeys,
      end: 'unknown',
      log: undefined,
      cancel: 'none',
      deletion: 'none',
      deletedAt: undefined,
      calls: 0,
      hasAnsweredBelow: false,
      readers: [],
    };
  }

  /** The number of the server to try next. */
  next(): number {
    return this.script.isSteadfast ? this.#server : this.#server++;
  }

  /** The keys that each call and each continue must bring. */
  get keys(): object {
    return this.story.bringsKeys ? keysOfCall : {};
  }

  /** A new `Idempotency-Key`. */
  newKey(): string {
    this.#keyCount += 1;
    return `${this.story.logId}-${this.#keyCount}`;
  }

  /** Remembers the answer to a request with a key, if it succeeded. */
  keep(asked: Ask, reply: Reply): void {
    if (reply.status === 200 || reply.status === 202) this.#kept.push({ asked, reply });
  }

  /** Repeats all remembered requests with their keys; each must get its first answer. */
  async repeatKept(): Promise<void> {
    for (const { asked, reply } of this.#kept) {
      const again = await this.ask(asked);
      this.tally.add('requests repeated with their key');
      if (again.isReplay && isDeepStrictEqual(again.body, reply.body)) continue;
      this.tally.violation(
        `log ${this.story.logId}: ${asked.path} was answered otherwise with the same key: ${again.status} ${JSON.stringify(again.body).slice(0, 300)}`,
      );
    }
  }

  ask(asked: Ask): Promise<Answered> {
    return persist(this.world, this.tally, this.next(), () => this.#sendable(asked));
  }

  /** After a deletion, a repeated call would make the run again, so the log is read instead. */
  #sendable(asked: Ask): Ask {
    if (!asked.path.endsWith('/call')) return asked;
    if (this.story.deletion !== 'none') return { path: `/v5/logs/${this.story.logId}` };
    this.story.calls += 1;
    return asked;
  }

  /** Processes an answer: a log at rest, a log under way, or a refusal. */
  async take(reply: Reply, isRepeat: boolean): Promise<void> {
    const { status, body } = reply;
    if (this.isGone(reply)) return this.#noteDeletion();
    if (status === 200 && isAtRest(body)) return this.#note(body);
    if (status === 200 || status === 202) return this.poll();
    const code = body?.code;
    // The run failed in its first model call, or was cancelled; its log says so.
    if (String(code).startsWith('provider_')) return this.poll();
    // The run has been continued already: by this client before its connection broke, or by its
    // cancel. An answer to calls of an earlier turn gets a 422.
    const isLate = ['not_suspended', 'continue_under_way', 'invalid'].includes(code);
    if (isLate && (isRepeat || this.story.cancel !== 'none')) {
      this.tally.add('repeats that came late');
      return this.poll();
    }
    this.refused(reply);
    return this.poll();
  }

  refused({ status, body }: Reply): void {
    this.tally.violation(
      `log ${this.story.logId}: answered ${status} ${JSON.stringify(body).slice(0, 500)}`,
    );
  }

  /** Whether a log is missing because this client has deleted it. */
  isGone({ status, body }: Reply): boolean {
    return this.story.deletion !== 'none' && status === 404 && body?.code === 'log_not_found';
  }

  /** Waits until the call has made the log. */
  async untilThere(): Promise<void> {
    const path = `/v5/logs/${this.story.logId}`;
    const giveUpAt = performance.now() + patienceMs;
    while ((await this.ask({ path })).status !== 200) {
      if (performance.now() > giveUpAt) throw new Error(`There was no ${path} for a minute.`);
      await sleep(30);
    }
  }

  /** Reads the log until its run rests. */
  async poll(): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const reply = await this.ask({ path: `/v5/logs/${this.story.logId}` });
      if (this.isGone(reply)) return this.#noteDeletion();
      if (reply.status !== 200) return this.refused(reply);
      if (isAtRest(reply.body)) return this.#note(reply.body);
      if (performance.now() > giveUpAt) {
        throw new Error(`Log ${this.story.logId} did not come to rest within a minute.`);
      }
      await sleep(150);
    }
  }

  #note(log: Log): void {
    this.story.log = log;
    if (log.log_status === 'complete') this.story.end = 'complete';
    else this.story.end = log.run?.state === 'interrupted' ? 'interrupted' : 'suspended';
  }

  #noteDeletion(): void {
    this.story.end = 'deleted';
  }
}

function isAtRest({ log_status: status, run }: Log): boolean {
  return status === 'complete' || (run?.state !== undefined && run.state !== 'running');
}
