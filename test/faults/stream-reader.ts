import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import { patienceMs, send, someServer } from './requests.ts';
import type { SeenEvent } from './seen-events.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** How a stream ended: with `[DONE]`, without it, or because its events are no longer stored. */
type StreamEnd = 'done' | 'broken' | 'gone';

/**
 * Reads a stream to its end, or until the reader leaves.
 *
 * @param take called with each event; return false to leave.
 */
export async function readStream(
  response: Response,
  take: (event: SeenEvent) => boolean,
): Promise<StreamEnd> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of response.body ?? []) {
      rest += decoder.decode(bytes, { stream: true });
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
        const block = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        if (data === '[DONE]') return 'done';
        const event = parseEvent(block, data);
        // An event without a number belongs to this connection only: it says why the stream ends.
        if (!Number.isNaN(event.id) && !take(event)) return 'broken';
      }
    }
  } catch {
    // The connection broke.
  }
  return 'broken';
}

function parseEvent(block: string, data: string): SeenEvent {
  const { type, log_id: logId, payload } = JSON.parse(data);
  return { id: Number(/^id: (\d+)$/m.exec(block)?.[1]), type, logId, payload };
}

/** The parts of a run that matter to its readers. */
interface ReadRun {
  readonly logId: string;
  /** Anything but `none`: the run may be gone. */
  readonly deletion: string;
}

/** The events of a run as one client receives them, over any number of connections. */
export class StreamReader {
  readonly events: SeenEvent[] = [];
  /** True: it begins with the answer to a call, not with a request of its own. */
  readonly isOfCaller: boolean;
  readonly #world: World;
  readonly #tally: Tally;
  readonly #run: ReadRun;

  constructor(world: World, tally: Tally, run: ReadRun, isOfCaller: boolean) {
    this.isOfCaller = isOfCaller;
    this.#world = world;
    this.#tally = tally;
    this.#run = run;
  }

  /** The number of the last event. */
  get last(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  /** Adds the events of a connection. */
  take(event: SeenEvent): void {
    if (!(event.id > this.last)) {
      this.#tally.violation(
        `log ${this.#run.logId}: event ${event.id} (${event.type}) came after event ${this.last}`,
      );
    }
    this.events.push(event);
  }

  /** Checks that a stream says `[DONE]` when the run rests, and not before. */
  requireRest(): void {
    // A nested agent may end while the agent above it waits for something else.
    const last = this.events.findLast(({ type }) => type !== 'tool_end');
    if (last && /^agent_turn_(end|suspend|error)$/.test(last.type)) return;
    const told = this.events.map(({ id, type }) => `${id} ${type}`).join(', ');
    this.#tally.violation(`log ${this.#run.logId}: its stream was done after ${told}`);
  }

  /**
   * Follows the run until it rests: reconnects after each break, at any server, from the last event
   * on.
   *
   * @param dice decides where the client itself disconnects and comes back.
   */
  async follow(preferred: number, dice: Dice): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const url = await someServer(this.#world, preferred + attempt);
      const stays = dice.chance(0.5) ? Number.POSITIVE_INFINITY : dice.between(1, 12);
      const end = await this.#join(url, stays);
      if (end === 'done') return this.requireRest();
      if (end === 'gone') return;
      this.#tally.add('streams rejoined');
      if (performance.now() > giveUpAt) {
        throw new Error(`The stream of log ${this.#run.logId} did not end within a minute.`);
      }
      await sleep(dice.between(0, 60));
    }
  }

  async #join(url: string, stays: number): Promise<StreamEnd> {
    const response = await send(url, {
      path: `/v5/logs/${this.#run.logId}/events`,
      headers: this.last > 0 ? { 'last-event-id': String(this.last) } : {},
    });
    if (!response) return 'broken';
    if (response.status !== 200) {
      const text = await response.text().catch(() => '');
      if (response.status === 404 && this.#run.deletion !== 'none') return 'gone';
      // Before the run has begun, there is no stream.
      if (![503, 404].includes(response.status)) {
        this.#tally.violation(`log ${this.#run.logId}: its stream was refused: ${text}`);
      }
      await sleep(100);
      return 'broken';
    }
    let left = stays;
    return readStream(response, (event) => {
      this.take(event);
      left -= 1;
      return left > 0;
    });
  }
}
