import { Readable } from 'node:stream';
import type { Schema } from 'humanloop/core/schemas/index.js';
import { Stream } from 'humanloop/core/streaming-fetcher/Stream.js';
import type { StreamEvent } from '../../src/contract/stream-event.ts';
import { answers, misfitsOf } from './sdk-unions.ts';
import { type HttpRequest, type Query, requester } from './thin-http.ts';

// The published client of v5 that npm carries is older than agents. This one is small, and makes of
// requests and streams what the clients that knew agents made of them.

type Json = Readonly<Record<string, unknown>>;

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Answer = any;

/** How a client reads a stream of events. */
export type StreamReader = (response: Response) => AsyncGenerator<StreamEvent, void>;

/**
 * What the clients that knew agents can ask about them, and about files of all kinds. Each answer
 * must be as these clients parse it, down to the last field; it is handed over as it came.
 *
 * @param baseUrl with `/v5`, without a slash at its end.
 */
export function agentsClient(baseUrl: string, apiKey: string) {
  const send = requester(baseUrl, apiKey);

  async function ask(schema: Pick<Schema, 'parse'>, request: HttpRequest): Promise<Answer> {
    const response = await send(request);
    const answer = await response.json();
    const misfits = misfitsOf(schema, answer);
    if (misfits.length > 0) throw new Error(`${request.path} answered:\n${misfits.join('\n')}`);
    return answer;
  }
  const whole = (path: string) => (body: Json, query?: Query) =>
    ask(answers.agentLog, { method: 'POST', path, query, body: { ...body, stream: false } });
  const streamed = (path: string) =>
    async function* (body: Json, read: StreamReader) {
      yield* read(await send({ method: 'POST', path, body: { ...body, stream: true } }));
    };
  /** Asks for one page after the other, until one is empty. */
  const paged = (schema: Pick<Schema, 'parse'>, path: string) =>
    async function* (query: Query = {}): AsyncGenerator<Answer, void> {
      for (let page = 1; ; page++) {
        const { records } = await ask(schema, { method: 'GET', path, query: { ...query, page } });
        if (records.length === 0) return;
        yield* records;
      }
    };

  return {
    log: (body: Json, query?: Query) =>
      ask(answers.createdAgentLog, { method: 'POST', path: 'agents/log', query, body }),
    updateLog: (id: string, logId: string, body: Json) =>
      ask(answers.agentLog, { method: 'PATCH', path: `agents/${id}/log/${logId}`, body }),
    call: whole('agents/call'),
    continueCall: whole('agents/continue'),
    callStream: streamed('agents/call'),
    continueStream: streamed('agents/continue'),
    list: paged(answers.agentPage, 'agents'),
    upsert: (body: Json) => ask(answers.agent, { method: 'POST', path: 'agents', body }),
    get: (id: string, query?: Query) =>
      ask(answers.agent, { method: 'GET', path: `agents/${id}`, query }),
    delete: (id: string) => send({ method: 'DELETE', path: `agents/${id}` }),
    move: (id: string, body: Json) =>
      ask(answers.agent, { method: 'PATCH', path: `agents/${id}`, body }),
    listVersions: (id: string, query?: Query) =>
      ask(answers.agentVersions, { method: 'GET', path: `agents/${id}/versions`, query }),
    patchVersion: (id: string, versionId: string, body: Json) =>
      ask(answers.agent, { method: 'PATCH', path: `agents/${id}/versions/${versionId}`, body }),
    deleteVersion: (id: string, versionId: string) =>
      send({ method: 'DELETE', path: `agents/${id}/versions/${versionId}` }),
    setDeployment: (id: string, environmentId: string, query: Query) =>
      ask(answers.agent, {
        method: 'POST',
        path: `agents/${id}/environments/${environmentId}`,
        query,
      }),
    removeDeployment: (id: string, environmentId: string) =>
      send({ method: 'DELETE', path: `agents/${id}/environments/${environmentId}` }),
    listEnvironments: (id: string) =>
      ask(answers.environments, { method: 'GET', path: `agents/${id}/environments` }),
    updateMonitoring: (id: string, body: Json) =>
      ask(answers.agent, { method: 'POST', path: `agents/${id}/evaluators`, body }),
    async serialize(id: string, query?: Query) {
      const response = await send({ method: 'GET', path: `agents/${id}/serialize`, query });
      return response.text();
    },
    deserialize: (body: Json) =>
      ask(answers.agentKernel, { method: 'POST', path: 'agents/deserialize', body }),
    listFiles: paged(answers.filePage, 'files'),
    retrieveByPath: (body: Json, query?: Query) =>
      ask(answers.file, { method: 'POST', path: 'files/retrieve-by-path', query, body }),
    getLog: (id: string) => ask(answers.log, { method: 'GET', path: `logs/${id}` }),
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
