import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { encodeSse, SSE_DONE, SSE_PING } from '../kernel/sse.ts';

/** One event, ready to be sent. */
interface NumberedEvent {
  readonly number: number;
  readonly body: unknown;
}

/** Milliseconds of silence after which a comment is sent. */
const pingIntervalMs = 15_000;

/**
 * Answers with a stream of server-sent events, ending in `[DONE]`.
 *
 * Once the first byte is out the status is 200 for good, so a failure is one of the run's own
 * events. `events` must stop when the reader's signal fires; the run that they tell of does not.
 */
export function sendEvents(
  reply: FastifyReply,
  events: AsyncGenerator<NumberedEvent, void>,
): FastifyReply {
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(encoded(events), { objectMode: false }));
}

async function* encoded(events: AsyncGenerator<NumberedEvent, void>): AsyncGenerator<string, void> {
  const ping = new Metronome(pingIntervalMs);
  try {
    let next = events.next();
    for (;;) {
      const step = await Promise.race([next, ping.tick]);
      if (step === 'tick') {
        yield SSE_PING;
      } else if (step.done) {
        break;
      } else {
        yield encodeSse(step.value.number, step.value.body);
        ping.restart();
        next = events.next();
      }
    }
    yield SSE_DONE;
  } finally {
    ping.stop();
    await events.return();
  }
}

/** Ticks after each stretch of silence; one timer, whatever the number of events. */
class Metronome {
  #tick = Promise.withResolvers<'tick'>();
  readonly #timer: NodeJS.Timeout;

  constructor(intervalMs: number) {
    this.#timer = setTimeout(() => {
      const ticking = this.#tick;
      this.#tick = Promise.withResolvers();
      this.#timer.refresh();
      ticking.resolve('tick');
    }, intervalMs);
    this.#timer.unref();
  }

  get tick(): Promise<'tick'> {
    return this.#tick.promise;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Fires when the client has gone, so that reading for it can stop. */
export function readerSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
