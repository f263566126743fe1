import { setTimeout as sleep } from 'node:timers/promises';
import { keyedPath, outerPath } from './agents.ts';
import { cancelRun } from './cancel-run.ts';
import { answer, answerChild, bringKeys } from './continues.ts';
import { deleteRun, requireTelling } from './delete-run.ts';
import { Dice } from './dice.ts';
import { planText } from './plan.ts';
import { requestRun } from './request-run.ts';
import { type Choice, noChoice, type Script } from './script.ts';
import { Session } from './session.ts';
import type { Story } from './story.ts';
import { StreamReader } from './stream-reader.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** Times that a run may come to rest: it has four turns at most, and may be interrupted in each. */
const mostRests = 24;

/** A client with one run: calls, reads, answers, comes back after every break. */
export class Client {
  readonly #session: Session;
  #watching: Promise<void> = Promise.resolve();
  /** What goes on beside the requests. */
  readonly #following: Promise<void>[] = [];

  constructor(world: World, tally: Tally, script: Script) {
    this.#session = new Session(world, tally, script);
  }

  get story(): Story {
    return this.#session.story;
  }

  /** The whole life of the run, to where this client leaves it. */
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

  /** Calls, and goes on with the run whenever it waits. */
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

  /** Lets something go on beside the requests; it is waited for in the end. */
  #aside(work: Promise<void>): void {
    // Its failure is told then, and not before.
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
    // One connection at a time: the next begins where the last one ended.
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
    if (isDeleted) await requireTelling(this.#session, Promise.all([talking, this.#watching]));
  }
}
