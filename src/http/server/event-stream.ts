import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { encodeSse, SSE_DONE, SSE_PING, sseRetry } from '../../kernel/sse.ts';

/** An event that is ready to be sent. */
export interface NumberedEvent {
  /** Undefined for an event of this connection only, which is no event of the run. */
  readonly number: number | undefined;
  readonly body: unknown;
}

/** `done`: all events were sent. `broken_off`: there are more, to be read on another connection. */
export type StreamEnd = 'done' | 'broken_off';

/** How events are written. */
export interface StreamForm {
  readonly event: (event: NumberedEvent) => string;
  /** Sent while nothing happens, so that no proxy or client gives up. */
  readonly ping: string;
  readonly end: Readonly<Record<StreamEnd, string>>;
}

/** Milliseconds to wait before a client reconnects to a stream that was broken off. */
const retryMs = 1_000;

/** Events with numbers, so that a reader can reconnect after the last one; `[DONE]` is the end. */
export const numberedEvents: StreamForm = {
  event: ({ number, body }) => encodeSse(number, body),
  ping: SSE_PING,
  end: { done: SSE_DONE, broken_off: sseRetry(retryMs) },
};

/**
 * Only `data:` lines, as the streams of prompts in v5: programs read them line by line and parse
 * each as JSON. Only an empty line is safe as a ping.
 */
export const bareEvents: StreamForm = {
  event: ({ body }) => encodeSse(undefined, body),
  ping: '\n',
  end: { done: '', broken_off: '' },
};

/** Milliseconds without an event after which a ping is sent. */
const pingIntervalMs = 15_000;

/**
 * Answers with a stream of server-sent events. Headers are sent at once, before the first event:
 * clients wait for them no longer than for a whole answer.
 *
 * The status is 200 as soon as a byte was sent, so a later failure is an event of the run. `events`
 * must stop when the reader's signal fires; the run goes on.
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

/** The text of a stream. Buffers no more than a Node stream does. */
class EventStream extends Readable {
  readonly #events: AsyncGenerator<NumberedEvent, StreamEnd>;
  readonly #form: StreamForm;
  readonly #silence: NodeJS.Timeout;
  #opened: (() => void) | undefined;
  #isReading = false;

  /** @param opened called when the client begins to read. */
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

/** Fires when the client disconnects, so that reading for it can stop. */
export function readerSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
