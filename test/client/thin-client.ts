import { Readable } from 'node:stream';
import { Stream } from 'humanloop/core/streaming-fetcher/Stream.js';
import type { StreamEvent } from '../../src/contract/stream-event.ts';

// The published client of v5 that npm carries is older than agents. This one is small, and makes of
// requests and streams what the clients that knew agents made of them.

type Json = Readonly<Record<string, unknown>>;

/** An answer that is not a 2xx, as the published clients throw it. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`status ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** How a client reads a stream of events. */
export type StreamReader = (response: Response) => AsyncGenerator<StreamEvent, void>;

/** Calls and continues agents over the network. */
export interface AgentsClient {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  call(request: Json): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  continueCall(request: Json): Promise<any>;
  callStream(request: Json, read: StreamReader): AsyncGenerator<StreamEvent, void>;
  continueStream(request: Json, read: StreamReader): AsyncGenerator<StreamEvent, void>;
}

/** @param baseUrl with `/v5`, without a slash at its end. */
export function agentsClient(baseUrl: string, apiKey: string): AgentsClient {
  async function post(path: string, body: Json): Promise<Response> {
    const response = await fetch(`${baseUrl}/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-API-KEY': apiKey,
        'User-Agent': 'humanloop/0.8.40b6',
        'X-Fern-Language': 'Python',
        'X-Fern-SDK-Name': 'humanloop',
        'X-Fern-SDK-Version': '0.8.40b6',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new ApiError(response.status, await response.json());
    return response;
  }
  const whole = (path: string) => async (request: Json) =>
    (await post(path, { ...request, stream: false })).json();
  const streamed = (path: string) =>
    async function* (request: Json, read: StreamReader) {
      yield* read(await post(path, { ...request, stream: true }));
    };
  return {
    call: whole('agents/call'),
    continueCall: whole('agents/continue'),
    callStream: streamed('agents/call'),
    continueStream: streamed('agents/continue'),
  };
}

/**
 * Reads a stream with the very class of the published Node client. It decodes each chunk by itself,
 * looks for `data:` anywhere in a line, and stops where a line has `[DONE]` anywhere in it.
 *
 * The network's chunks are cut into single bytes: the worst that a proxy could do.
 */
export async function* likeNode(response: Response): AsyncGenerator<StreamEvent, void> {
  yield* new Stream<StreamEvent>({
    stream: Readable.from(singleBytes(response)),
    eventShape: { type: 'sse', streamTerminator: '[DONE]' },
    parse: async (event) => event as StreamEvent,
  });
}

async function* singleBytes({ body }: Response): AsyncGenerator<Buffer, void> {
  for await (const chunk of body ?? []) {
    for (const byte of chunk) yield Buffer.of(byte);
  }
}

/** What ends a line for the HTTP library of the Python client. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are among it
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/**
 * Reads a stream as the Python client does: refuses another content type, joins the `data:` lines of
 * an event, and parses each event's data as JSON, passing over what is none.
 *
 * Unlike that client it bears nothing but `[DONE]` that is no JSON: there, an event would be lost.
 */
export async function* likePython(response: Response): AsyncGenerator<StreamEvent, void> {
  const type = response.headers.get('content-type') ?? '';
  if (type.split(';')[0] !== 'text/event-stream') throw new Error(`This is no stream: ${type}`);
  let data: string[] = [];
  for await (const line of linesOf(response)) {
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    if (line !== '' || data.length === 0) continue;
    const text = data.join('\n');
    data = [];
    if (text !== '[DONE]') yield JSON.parse(text);
  }
}

async function* linesOf({ body }: Response): AsyncGenerator<string, void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(lineEnd);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
