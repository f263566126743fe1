import { setTimeout as sleep } from 'node:timers/promises';
import { Headers } from 'undici';
import type { JsonObject } from '../../kernel/json-object.ts';
import { longTurn } from '../../kernel/long-turns.ts';
import { OutgoingRefusal } from '../../outgoing/errors.ts';
import { isAnswer, type McpAnswer, messagesIn, methodNotFound } from './mcp-messages.ts';
import { McpFailure } from './mcp-server.ts';
import { readEvents } from './read-events.ts';
import type { Send } from './send.ts';
import { openStandingStream, type StandingStream } from './standing-stream.ts';

/** A message, and what goes with it. */
export interface Sending {
  /** JSON, sent as it is: to read and write it would change large numbers in it. */
  readonly body: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks for an answer, for a server that names no time itself. */
const standardRetryMs = 500;

/** A server that names a shorter time would be asked without a pause. */
const shortestRetryMs = 50;

/** A timer can wait no longer. The time for a call ends earlier. */
const longestRetryMs = 2 ** 31 - 1;

/** So many requests of a server are answered, as long as there is a connection to it. */
const mostReplies = 16;

/** A stream for all answers of a connection may have as many messages as so many answers. */
const answersOfStanding = 16;

/** So many events are read in one turn of the event loop. */
const eventsOfTurn = 100;

/** So many looks may fail in a row: the server may be starting again. */
const mostFailures = 2;

const unfinished = () => new McpFailure('The server did not finish its answer.');

const tooManyMessages = (most: number) =>
  new McpFailure(
    `The server sent more than ${most} messages with one answer, which is the limit (MCP_ANSWER_MESSAGES).`,
  );

const noMessage = () => new McpFailure('The server answered something that is not MCP.');

/**
 * Sends requests of one connection and finds their answers, wherever the server sends them: in the
 * body of the HTTP response; on a stream that the server ends for the client to come back with
 * `Last-Event-ID` (protocol 2025-11-25); after a 202, on the stream of a GET; or on the one stream
 * that servers of revision 2024-11-05 have. A request is sent once only: its tool could run twice
 * otherwise.
 */
export class McpExchange {
  readonly #send: Send;
  readonly #mostMessages: number;
  /** Requests without an answer, by id. A stream may carry the answer to any of them. */
  readonly #waiting = new Map<string, (answer: McpAnswer) => void>();
  readonly #closed: AbortSignal;
  #session: string | undefined;
  #standing: StandingStream | undefined;
  /** Whether the standing stream has ended, and with it the session. */
  #isOver = false;

  /** The last answer to a request of the server. Each waits for the one before. */
  #reply: Promise<void> = Promise.resolve();
  #replies = 0;

  /**
   * @param mostMessages the most messages that a server may send with one answer.
   * @param closed aborted when the connection is closed.
   */
  constructor(send: Send, mostMessages: number, closed: AbortSignal) {
    this.#send = send;
    this.#mostMessages = mostMessages;
    this.#closed = closed;
  }

  /** The session that the server has named. */
  get session(): string | undefined {
    return this.#session;
  }

  /**
   * @returns the message that answers; or the HTTP response when its status is an error.
   * @throws McpFailure when there is no answer.
   */
  async ask(id: number | string, sending: Sending): Promise<McpAnswer | Response> {
    // As servers say that they do not know the session.
    if (this.#isOver) return new Response(null, { status: 404 });
    const { promise, resolve } = Promise.withResolvers<McpAnswer>();
    const ended = new AbortController();
    const signal = AbortSignal.any([sending.signal, ended.signal]);
    this.#waiting.set(String(id), resolve);
    try {
      return await Promise.race([promise, this.#find({ ...sending, signal })]);
    } finally {
      this.#waiting.delete(String(id));
      ended.abort();
    }
  }

  /**
   * Opens the stream that a server of revision 2024-11-05 answers on. From then on, messages go
   * where the server wants them.
   *
   * @returns whether the server has one.
   */
  async openStandingStream({ headers, signal }: Sending): Promise<boolean> {
    const mostEvents = this.#mostMessages * answersOfStanding;
    const opening = { send: this.#send, signal, closed: this.#closed, mostEvents };
    const replying = { headers, signal: this.#closed };
    this.#standing = await openStandingStream(
      { ...opening, headers: headersForEvents(headers) },
      (message) => this.#take(message, new AnswerStream(), replying),
    );
    void this.#standing?.ended.then(() => {
      this.#isOver = true;
    });
    return this.#standing !== undefined;
  }

  /** Sends a message that has no answer. What the server says to it does not matter. */
  async tell(sending: Sending): Promise<void> {
    try {
      const response = await this.#post(sending);
      await response.body?.cancel();
    } catch {
      // The next request tells whether the server can be reached.
    }
  }

  #post(sending: Sending): Promise<Response> {
    const to = this.#standing?.endpoint;
    return this.#send({ method: 'POST', ...sending, ...(to === undefined ? {} : { to }) });
  }

  /** Reads the streams of a request until `signal` is aborted because its answer is there. */
  async #find(sending: Sending): Promise<McpAnswer | Response> {
    const { signal } = sending;
    const response = await this.#post(sending);
    this.#session = response.headers.get('mcp-session-id') ?? this.#session;
    // Its body must be read before the signal ends the request.
    if (!response.ok) return new Response((await response.text()) || null, response);
    if (this.#standing) {
      await response.body?.cancel();
      await this.#standing.ended;
      throw unfinished();
    }
    const stream = new AnswerStream();
    try {
      await this.#follow(stream, response, sending);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutgoingRefusal || error instanceof McpFailure) throw error;
      if (stream.lastEventId === undefined) throw unfinished();
    }
    if (stream.isStanding) return new Response(null, { status: 405 });
    const comesElsewhere = response.status === 202;
    if (stream.lastEventId === undefined && !comesElsewhere) return stream.only();
    let waitMs = comesElsewhere ? 0 : stream.retryMs;
    for (let failures = 0; failures < mostFailures; waitMs = stream.retryMs) {
      await sleep(waitMs, undefined, { signal });
      failures = (await this.#poll(stream, sending)) ? 0 : failures + 1;
    }
    throw unfinished();
  }

  /** Takes the stream of an answer up again. @returns whether the server let it. */
  async #poll(stream: AnswerStream, sending: Sending): Promise<boolean> {
    const headers = headersForEvents(sending.headers);
    // A header has bytes: a name in another script goes as those of UTF-8.
    const last = stream.lastEventId;
    if (last !== undefined) headers.set('last-event-id', Buffer.from(last).toString('latin1'));
    try {
      const response = await this.#send({ method: 'GET', headers, signal: sending.signal });
      // Only a server that has trouble may be asked again. One that refuses will do so again.
      if (!response.ok && response.status < 500) throw unfinished();
      if (response.ok) await this.#follow(stream, response, sending);
      else await response.body?.cancel();
      return response.ok;
    } catch (error) {
      sending.signal.throwIfAborted();
      if (error instanceof McpFailure || error instanceof OutgoingRefusal) throw error;
      return false;
    }
  }

  async #follow(stream: AnswerStream, { body }: Response, sending: Sending): Promise<void> {
    if (!body) return;
    for await (const { name, id, retryMs, data } of readEvents(body)) {
      stream.isStanding = name === 'endpoint';
      if (stream.isStanding) return;
      // An empty id means that there is none.
      if (id !== undefined) stream.lastEventId = id === '' ? undefined : id;
      if (retryMs !== undefined) {
        stream.retryMs = Math.min(Math.max(retryMs, shortestRetryMs), longestRetryMs);
      }
      const messages = messagesInOdd(data);
      stream.isForeign &&= messages.length === 0;
      // Every event counts: those that are no message have to be read too.
      stream.messages += Math.max(1, messages.length);
      if (stream.messages > this.#mostMessages) throw tooManyMessages(this.#mostMessages);
      for (const message of messages) this.#take(message, stream, sending);
      // Let others be answered: all that has arrived would be read in one go.
      if (stream.messages % eventsOfTurn === 0) await longTurn('messages of MCP servers');
    }
  }

  #take(message: JsonObject, stream: AnswerStream, replying: Omit<Sending, 'body'>): void {
    const { id, method } = message;
    if (isAnswer(message)) {
      const resolve = this.#waiting.get(String(id));
      if (resolve) resolve(message);
      else stream.strays.push(message);
    } else if (method !== undefined && id !== undefined) {
      // The server asks something in the middle of a call, and may wait for the answer. There is
      // nothing that it needs to ask often: thousands of requests would be thousands of answers.
      this.#replies += 1;
      if (this.#replies > mostReplies) return;
      const answer = method === 'ping' ? { result: {} } : { error: methodNotFound };
      const body = JSON.stringify({ jsonrpc: '2.0', id, ...answer });
      this.#reply = this.#reply.then(() => this.tell({ ...replying, body }));
    }
  }
}

/** So many lines of a body are tried: each that is no JSON costs an error. */
const mostLines = 1_000;

/** The messages of a body: of one text, or on lines of their own; also as Python writes them. */
function messagesInOdd(data: string): readonly JsonObject[] {
  const whole = messagesIn(data);
  if (whole.length > 0) return whole;
  const onLines = data.split('\n', mostLines).flatMap(messagesIn);
  // Python's `json.dumps` writes NaN and Infinity, which are no JSON.
  return onLines.length > 0 ? onLines : messagesIn(data.replace(pythonNumber, quotedNumber));
}

// A text that is not closed goes to the end, so that none is read twice.
const pythonNumber = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/g;

const quotedNumber = (token: string) => (token.startsWith('"') ? token : `"${token}"`);

/** The headers of a request for events, for one that goes with those of a message. */
function headersForEvents(ofMessage: Headers): Headers {
  const headers = new Headers(ofMessage);
  for (const name of ['content-type', 'mcp-method', 'mcp-name']) headers.delete(name);
  headers.set('accept', 'text/event-stream');
  return headers;
}

/** What is known of the stream that an answer comes on. */
class AnswerStream {
  lastEventId: string | undefined;
  retryMs = standardRetryMs;
  /** Whether no message was on it. */
  isForeign = true;
  /** Whether it is no answer, but the standing stream of revision 2024-11-05. */
  isStanding = false;
  /** How many have been on it. */
  messages = 0;
  /** Answers to no known request. */
  readonly strays: McpAnswer[] = [];

  /** The one answer in a body, although its id is not that of the request. */
  only(): McpAnswer {
    const [only, ...more] = this.strays;
    if (only && more.length === 0) return only;
    throw this.isForeign ? noMessage() : unfinished();
  }
}
