import { setTimeout as sleep } from 'node:timers/promises';
import { outerPath } from './agents.ts';
import { cancelRun } from './cancel-run.ts';
import { clientAnswer } from './conversation-check.ts';
import { Dice } from './dice.ts';
import { planOf, planText } from './plan.ts';
import { isToRepeat, patienceMs, persist, type Reply, send, someServer } from './requests.ts';
import { type Choice, noChoice, type Script } from './script.ts';
import { type Log, pendingCalls, type Story } from './story.ts';
import { readStream, StreamReader } from './stream-reader.ts';
import type { Tally } from './tally.ts';
import { isQuiet, waitingLogBelow } from './waiting-logs.ts';
import type { World } from './world.ts';

/** A client with one run: calls, reads, answers, comes back after every break. */
export class Client {
  readonly story: Story;
  readonly #world: World;
  readonly #tally: Tally;
  readonly #script: Script;
  readonly #dice: Dice;
  #server: number;
  #variant = 0;
  #watching: Promise<void> = Promise.resolve();
  /** What goes on beside the requests. */
  readonly #following: Promise<void>[] = [];

  constructor(world: World, tally: Tally, script: Script) {
    this.#world = world;
    this.#tally = tally;
    this.#script = script;
    this.#dice = new Dice(script.seed);
    this.#server = script.server;
    this.story = {
      logId: script.logId,
      plan: planOf(script.planSeed, 0, world.options),
      save: script.save,
      end: 'unknown',
      log: undefined,
      cancel: 'none',
      readers: [],
    };
  }

  /** The whole life of the run, to where this client leaves it. */
  async live(): Promise<void> {
    const { logId, plan, save } = this.story;
    this.#tally.add('runs');
    const { watches, cancels, choices } = this.#script;
    const call = {
      path: outerPath,
      log_id: logId,
      messages: [{ role: 'user', content: planText(plan.seed, 0) }],
      save,
    };
    const beginning = this.#request('/v5/agents/call', call);
    beginning.catch(() => undefined);
    if (cancels) this.#aside(this.#cancel());
    if (watches) this.#watch();
    await beginning;
    for (let round = 0; this.story.end === 'suspended'; round++) {
      if (round > 12) throw new Error(`Log ${logId} was suspended a dozen times.`);
      const choice = this.#dice.weighted<Choice>({ ...noChoice, ...choices });
      if (choice === 'leave') break;
      if (!(choice === 'child' && (await this.#answerChild()))) await this.#answer(choice);
      if (watches) this.#watch();
    }
    await Promise.all(this.#following);
    this.#tally.add(`runs left ${this.story.end}`);
  }

  /** Lets something go on beside the requests; it is waited for in the end. */
  #aside(work: Promise<void>): void {
    // Its failure is told then, and not before.
    work.catch(() => undefined);
    this.#following.push(work);
  }

  get #preferred(): number {
    return this.#script.isSteadfast ? this.#server : this.#server++;
  }

  /** Sends a call or a continue in this client's manner, until the run rests. */
  async #request(path: string, body: object): Promise<void> {
    if (this.#script.manner === 'stream') return this.#stream(path, body);
    const headers = this.#script.manner === 'async' ? { prefer: 'respond-async' } : {};
    const reply = await persist(this.#world, this.#tally, this.#preferred, {
      method: 'POST',
      path,
      body: { ...body, stream: false },
      headers: { ...headers, ...this.#keyOf(path) },
    });
    await this.#heed(reply, reply.attempts > 1);
  }

  /** A call is known by its log; of continues each has a key. */
  #keyOf(path: string): Readonly<Record<string, string>> {
    if (!path.endsWith('continue')) return {};
    return { 'idempotency-key': `${this.story.logId}-${this.#variant}` };
  }

  /** Takes an answer: a log at rest, a log under way, or a refusal. */
  async #heed(reply: Reply, isRepeat: boolean): Promise<void> {
    const { status, body } = reply;
    if (status === 200) return this.#note(body);
    if (status === 202) return this.#poll();
    const code = body?.code;
    // The run has failed with its first model call, or has been cancelled, and its log says so.
    if (String(code).startsWith('provider_')) return this.#poll();
    // Somebody has gone on with it: this client, before its connection broke, or its cancel.
    // An answer to calls of an earlier turn is 422.
    const isLate = ['not_suspended', 'continue_under_way', 'invalid'].includes(code);
    if (isLate && (isRepeat || this.story.cancel !== 'none')) {
      this.#tally.add('repeats that came late');
      return this.#poll();
    }
    this.#refused(reply);
    return this.#poll();
  }

  #refused({ status, body }: Reply): void {
    this.#tally.violation(
      `log ${this.story.logId}: answered ${status} ${JSON.stringify(body).slice(0, 500)}`,
    );
  }

  #note(log: Log): void {
    this.story.log = log;
    this.story.end = log.log_status === 'complete' ? 'complete' : 'suspended';
  }

  /** Looks at the log until its run rests. */
  async #poll(): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const path = `/v5/logs/${this.story.logId}`;
      const reply = await persist(this.#world, this.#tally, this.#preferred, { path });
      if (reply.status !== 200) return this.#refused(reply);
      const state = reply.body.run?.state;
      if (reply.body.log_status === 'complete' || (state !== undefined && state !== 'running')) {
        return this.#note(reply.body);
      }
      if (performance.now() > giveUpAt) {
        throw new Error(`Log ${this.story.logId} did not come to rest within a minute.`);
      }
      await sleep(150);
    }
  }

  async #stream(path: string, body: object): Promise<void> {
    const before = this.story.readers.find((reader) => reader.isOfCaller);
    const reader = before ?? new StreamReader(this.#world, this.#tally, this.story.logId, true);
    if (!before) this.story.readers.push(reader);
    const from = reader.last;
    for (let attempt = 0; ; attempt++) {
      const url = await someServer(this.#world, this.#preferred);
      const asked = {
        method: 'POST' as const,
        path,
        body: { ...body, stream: true },
        headers: this.#keyOf(path),
      };
      const response = await send(url, asked);
      if (response?.status === 200) {
        const end = await readStream(response, (event) => {
          reader.take(event);
          return true;
        });
        if (end === 'done') {
          reader.requireRest();
          break;
        }
        if (reader.last > from) {
          this.#tally.add('streams rejoined');
          if (this.story.save) await reader.follow(this.#preferred, this.#dice);
          break;
        }
      } else if (response && !isToRepeat(response.status)) {
        const text = await response.text().catch(() => undefined);
        if (text !== undefined) {
          const reply = { status: response.status, body: JSON.parse(text) };
          return this.#heed(reply, attempt > 0);
        }
      }
      this.#tally.add('requests whose connection broke');
      if (attempt > 300) throw new Error(`${path} had no stream for a minute.`);
      await sleep(100);
    }
    await this.#poll();
  }

  #watch(): void {
    let reader = this.story.readers.find(({ isOfCaller }) => !isOfCaller);
    if (!reader) {
      reader = new StreamReader(this.#world, this.#tally, this.story.logId, false);
      this.story.readers.push(reader);
    }
    const following = reader;
    // One connection at a time: the next begins where the last one ended.
    this.#watching = this.#watching.then(() =>
      following.follow(this.#preferred, new Dice(this.story.plan.seed)),
    );
    this.#aside(this.#watching);
  }

  async #answer(how: string): Promise<void> {
    const { logId } = this.story;
    const pending = pendingCalls(this.story);
    const body = (variant: number) => ({
      log_id: logId,
      messages: pending.map((id) => ({
        role: 'tool',
        tool_call_id: id,
        content: clientAnswer(id, variant),
      })),
    });
    this.#tally.add('continues');
    this.#variant += 1;
    if (how === 'twice' || how === 'rivals') {
      this.#tally.add(how === 'twice' ? 'continues sent twice' : 'continues with a rival');
      return this.#continueAtOnce(body(1), body(how === 'twice' ? 1 : 2));
    }
    return this.#request('/v5/agents/continue', body(1));
  }

  /** Two continues at the same moment, at different servers; equal ones are one. */
  async #continueAtOnce(...bodies: readonly [object, object]): Promise<void> {
    const first = this.#preferred;
    const replies = await Promise.all(
      bodies.map((body, index) =>
        persist(this.#world, this.#tally, first + index, {
          method: 'POST',
          path: '/v5/agents/continue',
          body,
        }),
      ),
    );
    const refused = replies.filter(({ status }) => status !== 200);
    const isDisturbed =
      replies.some(({ attempts }) => attempts > 1) || this.story.cancel !== 'none';
    // One that comes late, for the server was frozen, finds the run gone on: 409, or 422 by then.
    const expected = refused.every(({ body }) => {
      const isRace = ['continue_under_way', 'not_suspended', 'invalid'].includes(body?.code);
      return isRace || String(body?.code).startsWith('provider_');
    });
    const isTaken =
      refused.length < 2 || isDisturbed || String(refused[0]?.body?.code).startsWith('provider_');
    if (!expected || !isTaken) for (const reply of refused) this.#refused(reply);
    await this.#catchUp();
    await this.#poll();
  }

  /** Reads in the stream of the call what happened after requests that were not streamed. */
  async #catchUp(): Promise<void> {
    const reader = this.story.readers.find(({ isOfCaller }) => isOfCaller);
    if (reader && this.story.save) await reader.follow(this.#preferred, this.#dice);
  }

  /** Answers a nested agent that waits, by its own log; the agents above it go on by themselves. */
  async #answerChild(): Promise<boolean> {
    const child = await waitingLogBelow(this.#world, this.story.logId);
    if (!child) return false;
    this.#tally.add('continues of nested agents');
    const reply = await persist(this.#world, this.#tally, this.#preferred, {
      method: 'POST',
      path: '/v5/agents/continue',
      body: {
        log_id: child.id,
        messages: child.pending.map((id) => ({
          role: 'tool',
          tool_call_id: id,
          content: clientAnswer(id, 1),
        })),
      },
    });
    const isLate = reply.status === 409 && (reply.attempts > 1 || this.story.cancel !== 'none');
    const isAnswered = reply.status === 200 || String(reply.body?.code).startsWith('provider_');
    if (!isAnswered && !isLate) this.#refused(reply);
    await this.#untilQuiet();
    await this.#catchUp();
    await this.#poll();
    return true;
  }

  /** Waits until everything has gone on that the end of a nested agent lets go on. */
  async #untilQuiet(): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    while (!(await isQuiet(this.#world, this.story.logId))) {
      if (performance.now() > giveUpAt) {
        throw new Error(`The agents of log ${this.story.logId} did not go on within a minute.`);
      }
      await sleep(100);
    }
  }

  async #cancel(): Promise<void> {
    await sleep(this.#dice.between(0, 600));
    this.#tally.add('cancels');
    const refused = await cancelRun(this.#world, this.story, () => this.#preferred);
    if (refused) this.#refused(refused);
  }
}
