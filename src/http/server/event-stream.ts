import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { encodeSse, SSE_DONE, SSE_PING, sseRetry } from '../../kernel/sse.ts';

/** One event, ready to be sent. */
export interface NumberedEvent {
  /** Undefined for one that is of this connection alone, and not of the run. */
  readonly number: number | undefined;
  readonly body: unknown;
}

/** How the telling ends: with all there is to tell, or with more to tell elsewhere. */
export type StreamEnd = 'done' | 'broken_off';

/** How a stream is written. */
export interface StreamForm {
  readonly event: (event: NumberedEvent) => string;
  /** Sent in a silence, so that neither proxies nor clients take it for an end. */
  readonly ping: string;
  readonly end: Readonly<Record<StreamEnd, string>>;
}

/** Milliseconds after which a client may come back to a stream that was broken off. */
const retryMs = 1_000;

/** Events with their numbers, and `[DONE]` when all is told: a reader can come back where it was. */
export const numberedEvents: StreamForm = {
  event: ({ number, body }) => encodeSse(number, body),
  ping: SSE_PING,
  end: { done: SSE_DONE, broken_off: sseRetry(retryMs) },
};

/**
 * Lines of `data:` and nothing else, as the streams of prompts always were: programs read them line
 * by line and take each for JSON. Only an empty line is safe in a silence.
 */
export const bareEvents: StreamForm = {
  event: ({ body }) => encodeSse(undefined, body),
  ping: '\n',
  end: { done: '', broken_off: '' },
};

/** Milliseconds of silence after which a ping is sent. */
const pingIntervalMs = 15_000;

/**
 * Answers with a stream of server-sent events. The headers go out at once, and not with the first
 * event: clients wait for them no longer than for a whole answer.
 *
 * Once the first byte is out the status is 200 for good, so a failure is one of the run's own
 * events. `events` must stop when the reader's signal fires; the run that they tell of does not.
 */
export function sendEvents(
  reply: FastifyReply,
  events: AsyncGenerator<NumberedEvent, StreamEnd>,
  form: StreamForm,
): FastifyReply {
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('x-accel-buffering', 'no')
    .send(new EventStream(events, form, () => reply.raw.flushHeaders()));
}

/** The text of a stream. Reads ahead of its client by no more than a stream's buffer. */
class EventStream extends Readable {
  readonly #events: AsyncGenerator<NumberedEvent, StreamEnd>;
  readonly #form: StreamForm;
  readonly #silence: NodeJS.Timeout;
  #opened: (() => void) | undefined;
  #isReading = false;

  /** @param opened called when somebody has begun to read. */
  constructor(
    events: AsyncGenerator<NumberedEvent, StreamEnd>,
    form: StreamForm,
    opened: () => void,
  ) {
    super();
    this.#events = events;
    this.#form = form;
    this.#silence = setInterval(() => {
      // No ping if the client is slow: it has unread events already.
      if (this.#isReading) this.push(form.ping);
    }, pingIntervalMs);
    this.#silence.unref();
    this.#opened = opened;
  }

  override _read(): void {
    this.#opened?.();
    this.#opened = undefined;
    if (!this.#isReading) void this.#readOn();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#silence);
    // Not awaited: the generator ends by itself, and nobody is waiting for this client any more.
    this.#events.return('done').catch(() => undefined);
    done(error);
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    try {
      for (;;) {
        const step = await this.#events.next();
        if (this.destroyed) return;
        if (step.done) {
          this.push(this.#form.end[step.value]);
          this.push(null);
          return;
        }
        this.#silence.refresh();
        if (!this.push(this.#form.event(step.value))) return;
      }
    } catch (error) {
      this.destroy(error as Error);
    } finally {
      this.#isReading = false;
    }
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
