import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { encodeSse, SSE_DONE, SSE_PING, sseRetry } from '../../kernel/sse.ts';

/** An event that is ready to be sent. */
export interface NumberedEvent {
  /** The number of a run's event; undefined for an event of this connection only. */
  readonly number: number | undefined;
  readonly body: unknown;
}

/**
 * `done`: all events were sent. `broken_off`: there are more, and the client must read them on
 * another connection.
 */
export type StreamEnd = 'done' | 'broken_off';

/** The format of a stream. */
export interface StreamForm {
  readonly event: (event: NumberedEvent) => string;
  /** Sent when no event is sent for a while, so that no proxy or client gives up. */
  readonly ping: string;
  readonly end: Readonly<Record<StreamEnd, string>>;
}

/** Milliseconds that a client waits before it reconnects to a stream that was broken off. */
const retryMs = 1_000;

/**
 * Events with numbers, so that a reader can reconnect after the last one. The stream ends with
 * `[DONE]`.
 */
export const numberedEvents: StreamForm = {
  event: ({ number, body }) => encodeSse(number, body),
  ping: SSE_PING,
  end: { done: SSE_DONE, broken_off: sseRetry(retryMs) },
};

/**
 * Only `data:` lines, as in the v5 streams of prompts: programs read each line as JSON. A ping is
 * an empty line, because any other would be read as an event.
 */
export const bareEvents: StreamForm = {
  event: ({ body }) => encodeSse(undefined, body),
  ping: '\n',
  end: { done: '', broken_off: '' },
};

/** Milliseconds without an event after which a ping is sent. */
const pingIntervalMs = 15_000;

/**
 * Answers with a stream of server-sent events. The headers are sent before the first event, because
 * clients wait for them no longer than for a whole answer.
 *
 * The status is 200 as soon as the first byte is sent, so a later failure is an event of the run.
 * `events` must stop when the reader's signal fires; the run goes on.
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

/** The text of a stream of events. It buffers no more than a Node stream does. */
export class EventStream extends Readable {
  readonly #events: AsyncGenerator<NumberedEvent, StreamEnd>;
  readonly #form: StreamForm;
  readonly #silence: NodeJS.Timeout;
  #opened: (() => void) | undefined;
  #isReading = false;

  /** @param opened is called when the client starts to read. */
  constructor(
    events: AsyncGenerator<NumberedEvent, StreamEnd>,
    form: StreamForm,
    opened: () => void,
  ) {
    super();
    this.#events = events;
    this.#form = form;
    this.#silence = setInterval(() => {
      // Send no ping to a slow client: it has unread events already.
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
    // Do not await this: the generator ends by itself, and the client has disconnected.
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

/** Fires when the client disconnects, so that the server stops reading for it. */
export function readerSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
