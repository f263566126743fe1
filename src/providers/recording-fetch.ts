import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, request } from 'undici';

/** No answer of a model is this long; what is longer is a mistake, or an attack. */
const MAX_RESPONSE_BYTES = 50_000_000;

/** How much is kept of an answer that should have been a stream and is something else. */
const MAX_STRAY_CHARACTERS = 20_000;

/** Enough to hold the last event of any vendor's stream. */
const TAIL_BYTES = 512;

/** How long a vendor has to close a stream after its last event, so that the connection is kept. */
const CLOSE_WITHIN_MS = 1_000;

type Body = Readonly<Record<string, unknown>>;

/** What is about to be sent, as signatures are made of it. */
export interface UnsignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordingOptions {
  /** Ends the call: the fetch or the reading of its body throws, and the connection is closed. */
  readonly signal: AbortSignal;
  /** Fields to add to the body; they win over what is there. */
  readonly other: Readonly<Record<string, unknown>>;
  /** True: a successful answer is handed on piece by piece, and is not recorded. */
  readonly stream: boolean;
  /** What the last event of a stream looks like: the end of the answer, whoever holds the line. */
  readonly streamEnd?: RegExp | undefined;
  /** Changes the body before `other` is added. */
  readonly adaptBody?: ((body: Body) => object) | undefined;
  /** Adds `other` to the body where its fields are not simply fields of the body. */
  readonly addOther?: ((body: Body, other: Body) => object) | undefined;
  /** The headers to send in place of these, when they depend on what is sent. */
  readonly sign?: ((request: UnsignedRequest) => Promise<Headers>) | undefined;
  readonly onRequest?: ((body: unknown) => void) | undefined;
  /** Told of the response's head and of every piece of its body. */
  readonly onActivity?: (() => void) | undefined;
  /** Bytes of the response's body, decompressed. */
  readonly maxBytes?: number | undefined;
}

/** What went over the wire in one call. All of it is undefined until it has gone. */
export interface Recording {
  /** The body that was sent; a GET has none. */
  request: unknown;
  status: number | undefined;
  headers: IncomingHttpHeaders | undefined;
  /** The body that came: parsed when it is JSON, else its text. A stream is not kept. */
  response: unknown;
  /** What the network did wrong: no connection, or one that broke. */
  networkError: unknown;
  /** Whether the last event of a stream has come; see {@link RecordingOptions.streamEnd}. */
  hasEnded: boolean;
  /** Whether the body was longer than the limit, and was cut off. */
  isTooLong: boolean;
  /** To be handed to an AI SDK package in place of the global one, for one request. */
  readonly fetch: typeof globalThis.fetch;
  /** Ends the recording; unless the answer is whole, the connection is closed. */
  close(isWhole: boolean): void;
}

// One agent for the process: connections are kept for the next call. Time-outs are the caller's.
const agent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 60_000,
  connect: { timeout: 10_000 },
});

/** A fetch for one call that remembers exactly what was sent and what came back. */
export function recordingFetch(options: RecordingOptions): Recording {
  const connection = new AbortController();
  const abort = () => connection.abort(options.signal.reason);
  if (options.signal.aborted) abort();
  else options.signal.addEventListener('abort', abort, { once: true });
  const recording: Recording = {
    request: undefined,
    status: undefined,
    headers: undefined,
    response: undefined,
    networkError: undefined,
    hasEnded: false,
    isTooLong: false,
    async fetch(input, init = {}) {
      const isGet = init.method === 'GET';
      const body = isGet ? undefined : bodyToSend(init.body, options);
      if (body !== undefined) {
        recording.request = body.value;
        options.onRequest?.(body.value);
      }
      try {
        const headers = await headersToSend(String(input), init.headers, body?.text ?? '', options);
        // undici's own call, not its fetch, which costs 0.4 ms of CPU more (two shared cores,
        // November 2026). It asks for no compression and follows no redirect: that would take
        // the request, key and all, wherever it points.
        const response = await request(String(input), {
          method: isGet ? 'GET' : 'POST',
          headers,
          body: body?.text ?? null,
          signal: connection.signal,
          dispatcher: agent,
        });
        // An abort before anyone reads would otherwise be an error that nobody listens to.
        response.body.on('error', () => undefined);
        recording.status = response.statusCode;
        recording.headers = response.headers;
        options.onActivity?.();
        const isOk = response.statusCode >= 200 && response.statusCode <= 299;
        const pieces = limited(decoded(response.body, response.headers), recording, options);
        const answer =
          options.stream && isOk
            ? watchedStream(pieces, recording, options, connection)
            : await wholeBody(pieces, recording);
        return new Response(withoutBody.has(response.statusCode) ? null : answer, {
          status: response.statusCode,
          headers: responseHeaders(response.headers),
        });
      } catch (error) {
        recording.networkError ??= error;
        throw error;
      }
    },
    close(isWhole) {
      options.signal.removeEventListener('abort', abort);
      if (!isWhole) connection.abort();
    },
  };
  return recording;
}

/** Statuses with which a `Response` can have no body. */
const withoutBody = new Set([204, 205, 304]);

/** Headers about the body as it was on the wire; ours is decompressed. */
const ofEncoding = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

function responseHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || ofEncoding.has(name) ? [] : [[name, String(value)]],
  );
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body decompressed: some proxies compress without being asked. */
function decoded(body: Readable, headers: IncomingHttpHeaders): AsyncIterable<Uint8Array> {
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  const decoder = decoders[encoding];
  if (decoder === undefined) return body;
  // What goes wrong is thrown where the end of the pipeline is read.
  return pipeline(body, decoder(), () => undefined);
}

async function headersToSend(
  url: string,
  given: ConstructorParameters<typeof Headers>[0],
  body: string,
  { sign }: RecordingOptions,
): Promise<Record<string, string>> {
  const headers = Object.fromEntries(new Headers(given));
  delete headers['content-length']; // it was that of the body before `other`
  return sign === undefined ? headers : Object.fromEntries(await sign({ url, headers, body }));
}

function bodyToSend(body: unknown, { other, adaptBody, addOther }: RecordingOptions) {
  if (typeof body !== 'string') throw new TypeError('A model call has a JSON body.');
  const before = JSON.parse(body) as Record<string, unknown>;
  const adapted = adaptBody === undefined ? before : adaptBody(before);
  if (adapted === before && Object.keys(other).length === 0) return { text: body, value: before };
  const whole = addOther?.(adapted as Body, other) ?? { ...adapted, ...other };
  const text = JSON.stringify(whole);
  // Parsed again: what is undefined or a Date in `other` is not so on the wire.
  return { text, value: JSON.parse(text) as unknown };
}

async function wholeBody(pieces: AsyncIterable<Uint8Array>, recording: Recording): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of pieces) {
      text += decoder.decode(piece, { stream: true });
    }
    text += decoder.decode();
  } finally {
    recording.response = parsed(text);
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The pieces of a body as they come, up to the limit. */
async function* limited(
  body: AsyncIterable<Uint8Array>,
  recording: Recording,
  { maxBytes = MAX_RESPONSE_BYTES, onActivity }: RecordingOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    onActivity?.();
    bytes += piece.byteLength;
    if (bytes > maxBytes) {
      recording.isTooLong = true;
      throw new Error(`The response is longer than ${maxBytes} bytes.`);
    }
    yield piece;
  }
}

/**
 * The body of a stream, handed on as it comes. It ends with the last event even when the vendor
 * keeps the connection open, so that a whole answer is never lost to a time-out.
 */
function watchedStream(
  pieces: AsyncGenerator<Uint8Array>,
  recording: Recording,
  options: RecordingOptions,
  connection: AbortController,
): ReadableStream<Uint8Array> {
  const keepStray = keepsStray(recording);
  let tail = '';
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done === true) {
          controller.close();
          return;
        }
        keepStray?.(value);
        controller.enqueue(value);
        if (options.streamEnd === undefined) return;
        tail = tailAfter(tail, value);
        if (!options.streamEnd.test(tail)) return;
        recording.hasEnded = true;
        controller.close();
        void drain(pieces, connection);
      } catch (error) {
        recording.networkError ??= error;
        controller.error(error);
      }
    },
    cancel() {
      connection.abort();
    },
  });
}

function tailAfter(tail: string, piece: Uint8Array): string {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  const start = Math.max(0, bytes.length - TAIL_BYTES);
  return (tail + bytes.toString('latin1', start)).slice(-TAIL_BYTES);
}

/** Reads what is left, which is nearly always nothing, so that the connection can be used again. */
async function drain(pieces: AsyncGenerator<Uint8Array>, connection: AbortController) {
  const timer = setTimeout(() => connection.abort(), CLOSE_WITHIN_MS);
  timer.unref();
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // The answer was whole before this.
  } finally {
    clearTimeout(timer);
  }
}

/** For a body that was to be a stream of events and is none: the text is all there is to show. */
function keepsStray(recording: Recording) {
  const type = recording.headers?.['content-type'] ?? '';
  if (type.includes('event-stream') || type.includes('eventstream')) return undefined;
  const decoder = new TextDecoder();
  let text = '';
  return (piece: Uint8Array) => {
    if (text.length >= MAX_STRAY_CHARACTERS) return;
    text = (text + decoder.decode(piece, { stream: true })).slice(0, MAX_STRAY_CHARACTERS);
    recording.response = parsed(text);
  };
}
