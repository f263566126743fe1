import { setTimeout as sleep } from 'node:timers/promises';
import { keyedPath, outerPath } from './agents.ts';
import { cancelRun } from './cancel-run.ts';
import { answer, answerChild, bringKeys } from './continues.ts';
import { deleteRun, requireEndSoon } from './delete-run.ts';
import { Dice } from './dice.ts';
import { planText } from './plan.ts';
import { requestRun } from './request-run.ts';
import { type Choice, noChoice, type Script } from './script.ts';
import { Session } from './session.ts';
import type { Story } from './story.ts';
import { StreamReader } from './stream-reader.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** How often a run may come to rest: it has at most four turns, and may be interrupted in each. */
const mostRests = 24;

/** A client with one run: calls, reads, answers, and reconnects after every break. */
export class Client {
  readonly #session: Session;
  #watching: Promise<void> = Promise.resolve();
  /** Tasks that run beside the requests. */
  readonly #following: Promise<void>[] = [];

  constructor(world: World, tally: Tally, script: Script) {
    this.#session = new Session(world, tally, script);
  }

  get story(): Story {
    return this.#session.story;
  }

  /** Plays the whole run, up to the point where this client leaves it. */
  async live(): Promise<void> {
    const { tally, script } = this.#session;
    tally.add('runs');
    const talking = this.#talk();
    talking.catch(() => undefined);
    if (script.cancels) this.#aside(this.#cancel());
    if (script.deletes) this.#aside(this.#delete(talking));
    await talking;
    await Promise.all(this.#following);
    if (this.story.deletion === 'acknowledged') this.story.end = 'deleted';
    else await this.#session.repeatKept();
    tally.add(`runs left ${this.story.end}`);
  }

  /** Calls the agent, and continues the run whenever it waits. */
  async #talk(): Promise<void> {
    const session = this.#session;
    const { logId, plan, save, bringsKeys } = this.story;
    const { watches, isKeyed, choices } = session.script;
    const body = {
      path: bringsKeys ? keyedPath : outerPath,
      log_id: logId,
      messages: [{ role: 'user', content: planText(plan.seed, 0) }],
      save,
      ...session.keys,
    };
    const key = isKeyed ? session.newKey() : undefined;
    const calling = requestRun(session, { path: '/v5/agents/call', body, key });
    if (watches) this.#watch();
    await calling;
    for (let rest = 0; ['suspended', 'interrupted'].includes(this.story.end); rest++) {
      if (rest > mostRests) throw new Error(`Log ${logId} has come to rest too often.`);
      const choice = session.dice.weighted<Choice>({ ...noChoice, ...choices });
      if (this.story.end === 'interrupted') await bringKeys(session);
      else if (choice === 'leave') break;
      else if (!(choice === 'child' && (await answerChild(session)))) await answer(session, choice);
      if (watches) this.#watch();
    }
  }

  /** Starts a task beside the requests; it is awaited at the end. */
  #aside(work: Promise<void>): void {
    // Its failure is reported when it is awaited; until then it must not count as unhandled.
    work.catch(() => undefined);
    this.#following.push(work);
  }

  #watch(): void {
    const session = this.#session;
    let reader = this.story.readers.find(({ isOfCaller }) => !isOfCaller);
    if (!reader) {
      reader = new StreamReader(session.world, session.tally, this.story, false);
      this.story.readers.push(reader);
    }
    const following = reader;
    // One connection after the other: each begins where the last one ended.
    this.#watching = this.#watching.then(() =>
      following.follow(session.next(), new Dice(this.story.plan.seed)),
    );
    this.#aside(this.#watching);
  }

  async #cancel(): Promise<void> {
    const session = this.#session;
    await sleep(session.dice.between(0, 600));
    session.tally.add('cancels');
    const refused = await cancelRun(session);
    if (refused) session.refused(refused);
  }

  async #delete(talking: Promise<void>): Promise<void> {
    const isDeleted = await deleteRun(this.#session);
    if (isDeleted) await requireEndSoon(this.#session, Promise.all([talking, this.#watching]));
  }
}
