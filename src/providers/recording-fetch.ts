import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import { parseExactJson } from '../kernel/exact-json.ts';
import { longTurn } from '../kernel/long-turns.ts';
import { mendedStream } from './mended-stream.ts';
import type { Mender } from './mender.ts';
import { type AnswerBounds, standardBounds } from './provider.ts';
import { vendorJson } from './vendor-json.ts';

/** How many characters are kept of an answer that should have been a stream and is not. */
const MAX_STRAY_CHARACTERS = 20_000;

/** The length in bytes that holds the last event of any vendor's stream. */
const TAIL_BYTES = 512;

/**
 * Milliseconds that a vendor has to close a stream after its last event, so that the connection can
 * be reused.
 */
const CLOSE_WITHIN_MS = 1_000;

type Body = Readonly<Record<string, unknown>>;

/** A request before it is sent, with what a signature covers. */
export interface UnsignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordingOptions {
  /**
   * Aborting it ends the call: the fetch or the reading of its body throws, and the connection
   * closes.
   */
  readonly signal: AbortSignal;
  /** Fields to add to the body; they replace fields that are there. */
  readonly other: Readonly<Record<string, unknown>>;
  /** True: a successful answer is passed on piece by piece, and its body is not recorded. */
  readonly stream: boolean;
  /**
   * Matches the last event of a stream. The answer then ends, even if the connection stays open.
   */
  readonly streamEnd?: RegExp | undefined;
  /** Makes a successful answer readable; it is recorded as it came. */
  readonly mender?: Mender | undefined;
  /**
   * The body that the package is given in place of a successful answer, which the caller reads
   * itself: from `response`, or as `pieces` when it is a stream.
   */
  readonly standIn?: string | undefined;
  /** Changes the body before `other` is added. */
  readonly adaptBody?: ((body: Body) => object) | undefined;
  /** Adds `other` to the body, where its fields are not simply fields of the body. */
  readonly addOther?: ((body: Body, other: Body) => object) | undefined;
  /** The headers to send instead, when they depend on the request. */
  readonly sign?: ((request: UnsignedRequest) => Promise<Headers>) | undefined;
  /** Makes the connections, where not every address may be reached. */
  readonly dispatcher?: Dispatcher | undefined;
  readonly onRequest?: ((body: unknown) => void) | undefined;
  /** Called for the head of the response and for every piece of its body. */
  readonly onActivity?: (() => void) | undefined;
  readonly bounds?: AnswerBounds | undefined;
}

/** What one call sent and received. A field is undefined until its part has been transferred. */
export interface Recording {
  /** The body that was sent; a GET has none. */
  request: unknown;
  status: number | undefined;
  headers: IncomingHttpHeaders | undefined;
  /** The body that was received: parsed if it is JSON, else its text. Not kept for a stream. */
  response: unknown;
  /** A body that the next fetch returns without a request, to be read in place of the received one. */
  instead: unknown;
  /** Gets each event of a stream as it came, where a mender gives the package others. */
  onChunk: ((chunk: unknown) => void) | undefined;
  /** The body of a stream as it arrives, where the package is given a stand-in. */
  pieces: AsyncGenerator<Uint8Array> | undefined;
  /** The failure of the network: no connection, or a broken one. */
  networkError: unknown;
  /** Whether the last event of a stream has arrived; see {@link RecordingOptions.streamEnd}. */
  hasEnded: boolean;
  /** The limit that the body exceeded, so that it was cut off: `20000000 bytes (PROVIDER_…)`. */
  exceeded: string | undefined;
  /** For one request; pass it to an AI SDK package in place of the global fetch. */
  readonly fetch: typeof globalThis.fetch;
  /** Ends the recording. Closes the connection unless the answer is complete. */
  close(isWhole: boolean): void;
}

// One agent for the process, so that connections are reused. Its time limits are off, because the
// caller has its own.
const agent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 60_000,
  connect: { timeout: 10_000 },
});

/** A fetch for one call that records exactly what was sent and received. */
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
    instead: undefined,
    onChunk: undefined,
    pieces: undefined,
    networkError: undefined,
    hasEnded: false,
    exceeded: undefined,
    async fetch(input, init = {}) {
      if (recording.instead !== undefined) return Response.json(recording.instead);
      const isGet = init.method === 'GET';
      const body = isGet ? undefined : bodyToSend(init.body, options);
      if (body !== undefined) {
        recording.request = body.value;
        options.onRequest?.(body.value);
      }
      try {
        const headers = await headersToSend(String(input), init.headers, body?.text ?? '', options);
        // undici's `request`, not its fetch, which costs 0.4 ms more CPU time (two shared cores,
        // November 2026). It asks for no compression, and follows no redirect: a redirect would
        // send the request, key included, to any address.
        const response = await request(String(input), {
          method: isGet ? 'GET' : 'POST',
          headers,
          body: body?.text ?? null,
          signal: connection.signal,
          dispatcher: options.dispatcher ?? agent,
        });
        // An abort before anyone reads the body would otherwise be an unhandled error.
        response.body.on('error', () => undefined);
        recording.status = response.statusCode;
        recording.headers = response.headers;
        options.onActivity?.();
        const isOk = response.statusCode >= 200 && response.statusCode <= 299;
        const pieces = limited(decoded(response.body, response.headers), recording, options);
        const answer =
          options.stream && isOk
            ? streamFor(pieces, recording, options, connection)
            : bodyFor(await wholeBody(pieces, recording, options), isOk, recording, options);
        return new Response(bodilessStatuses.has(response.statusCode) ? null : answer, {
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
      else if (recording.pieces !== undefined) void drain(recording.pieces, connection);
    },
  };
  return recording;
}

/** Statuses for which a `Response` cannot have a body. */
const bodilessStatuses = new Set([204, 205, 304]);

/** Headers that describe the body as it was sent; our body is decompressed. */
const encodingHeaders = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

function responseHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || encodingHeaders.has(name) ? [] : [[name, String(value)]],
  );
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The body, decompressed: some proxies compress although we do not ask for it. */
function decoded(body: Readable, headers: IncomingHttpHeaders): AsyncIterable<Uint8Array> {
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  const decoder = decoders[encoding];
  if (decoder === undefined) return body;
  // Errors are thrown to the reader of the pipeline's end.
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
  const before = parseExactJson(body) as Record<string, unknown>;
  const adapted = adaptBody === undefined ? before : adaptBody(before);
  if (adapted === before && Object.keys(other).length === 0) return { text: body, value: before };
  const whole = addOther?.(adapted as Body, other) ?? { ...adapted, ...other };
  const text = JSON.stringify(whole);
  // Parsed again, because undefined values and Dates in `other` are different when sent.
  return { text, value: parseExactJson(text) };
}

/** The text of a body. */
async function wholeBody(
  pieces: AsyncIterable<Uint8Array>,
  recording: Recording,
  { signal }: Pick<RecordingOptions, 'signal'>,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of pieces) {
      text += decoder.decode(piece, { stream: true });
    }
    text += decoder.decode();
  } catch (error) {
    // A whole JSON body is an answer, though the connection was not closed as it should be.
    const isWhole = typeof vendorJson(text) === 'object' && recording.exceeded === undefined;
    if (!isWhole || signal.aborted) throw error;
  } finally {
    recording.response = vendorJson(text);
  }
  return text;
}

/** What the package is given of a body: what it can read, or nothing where the caller reads it. */
function bodyFor(
  text: string,
  isOk: boolean,
  { response }: Recording,
  { standIn, mender }: RecordingOptions,
): string {
  if (!isOk) return text;
  const isJson = typeof response === 'object' && response !== null;
  return standIn ?? (mender && isJson ? JSON.stringify(mender.body(response)) : text);
}

/** The pieces of a body as they arrive, up to the limits. */
async function* limited(
  body: AsyncIterable<Uint8Array>,
  recording: Recording,
  { stream, bounds = standardBounds, onActivity }: RecordingOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let lines = 0;
  const exceeded = (limit: string) => {
    recording.exceeded = limit;
    return new Error(`The response is longer than ${limit}.`);
  };
  for await (const piece of body) {
    onActivity?.();
    bytes += piece.byteLength;
    if (bytes > bounds.bytes) throw exceeded(`${bounds.bytes} bytes (PROVIDER_ANSWER_BYTES)`);
    if (!stream) {
      yield piece;
      continue;
    }
    for (let start = 0; start < piece.byteLength; start += bytesOfTurn) {
      // Thousands of small events may be in one piece: others are answered between its parts.
      if (start > 0) await longTurn('answers of models');
      const part = piece.subarray(start, start + bytesOfTurn);
      lines += linesIn(part);
      if (lines > bounds.lines) throw exceeded(`${bounds.lines} lines (PROVIDER_ANSWER_LINES)`);
      yield part;
    }
  }
}

/** So many bytes of a stream are read in one turn of the event loop. */
const bytesOfTurn = 16 * 1024;

const lineFeed = 10;

function linesIn(part: Uint8Array): number {
  let lines = 0;
  for (let at = part.indexOf(lineFeed); at >= 0; at = part.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}

/** What the package is given of a stream: see {@link bodyFor}. */
function streamFor(
  pieces: AsyncGenerator<Uint8Array>,
  recording: Recording,
  options: RecordingOptions,
  connection: AbortController,
): ReadableStream<Uint8Array> | string {
  const { standIn, mender } = options;
  if (standIn === undefined) {
    const stream = watchedStream(pieces, recording, options, connection);
    const events = mender?.events;
    return events ? mendedStream(stream, events, (chunk) => recording.onChunk?.(chunk)) : stream;
  }
  recording.pieces = watchedPieces(pieces, recording);
  return standIn;
}

async function* watchedPieces(
  pieces: AsyncGenerator<Uint8Array>,
  recording: Recording,
): AsyncGenerator<Uint8Array> {
  const keepStray = strayKeeper(recording);
  try {
    for await (const piece of pieces) {
      keepStray?.(piece);
      yield piece;
    }
  } catch (error) {
    recording.networkError ??= error;
    throw error;
  }
}

/**
 * The body of a stream as it arrives. It ends with the last event even when the vendor keeps the
 * connection open, so that a complete answer is never lost to a time limit.
 */
function watchedStream(
  pieces: AsyncGenerator<Uint8Array>,
  recording: Recording,
  options: RecordingOptions,
  connection: AbortController,
): ReadableStream<Uint8Array> {
  const keepStray = strayKeeper(recording);
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

/**
 * Reads the rest of the body, which is nearly always empty, so that the connection can be reused.
 */
async function drain(pieces: AsyncGenerator<Uint8Array>, connection: AbortController) {
  const timer = setTimeout(() => connection.abort(), CLOSE_WITHIN_MS);
  timer.unref();
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // Ignored: the answer was complete before this.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Keeps the beginning of a body that should be a stream of events and is not, to show it in the
 * error.
 */
function strayKeeper(recording: Recording) {
  const type = recording.headers?.['content-type'] ?? '';
  if (type.includes('event-stream') || type.includes('eventstream')) return undefined;
  const decoder = new TextDecoder();
  let text = '';
  return (piece: Uint8Array) => {
    if (text.length >= MAX_STRAY_CHARACTERS) return;
    text = (text + decoder.decode(piece, { stream: true })).slice(0, MAX_STRAY_CHARACTERS);
    recording.response = vendorJson(text);
  };
}
