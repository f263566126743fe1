import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseExactJson } from '../../src/kernel/exact-json.ts';
import {
  event,
  type FakeAnswer,
  type FakeRequest,
  type FakeResponse,
  type FakeStep,
} from '../fake/answer.ts';
import { chatCompletions } from '../fake/chat-completions.ts';
import { cohereChat } from '../fake/cohere-chat.ts';
import { completions } from '../fake/completions.ts';
import { converse } from '../fake/converse.ts';
import { deepseekChat } from '../fake/deepseek-chat.ts';
import { generateContent } from '../fake/generate-content.ts';
import { groqChat } from '../fake/groq-chat.ts';
import { messages } from '../fake/messages.ts';

export type { FakeAnswer, FakeStep } from '../fake/answer.ts';

export interface FakeProvider {
  /** `http://127.0.0.1:…`; add what the vendor's own address has after it. */
  readonly url: string;
  /** All requests so far, the oldest first. */
  readonly requests: readonly FakeRequest[];
  readonly lastRequest: FakeRequest;
  /** Connections opened so far. */
  readonly connections: number;
  /** Answers the next calls with these steps, in order; what is still queued is dropped. */
  script(steps: readonly FakeStep[]): void;
  /** Answers calls with what the handler returns, until a script is set. */
  respond(handler: (request: FakeRequest) => FakeStep | Promise<FakeStep>): void;
  close(): Promise<void>;
}

/**
 * Starts a server that answers as the vendors do. The path of a request says which vendor's wire it
 * gets, and its body whether it gets a stream.
 */
export async function startFakeProvider(): Promise<FakeProvider> {
  const requests: FakeRequest[] = [];
  let handler = scripted([]);
  let connections = 0;
  const server = createServer((incoming, response) => {
    void answer(incoming, response);
  });
  server.on('connection', () => {
    connections++;
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse) {
    const request = await read(incoming);
    requests.push(request);
    response.on('close', () => {
      request.isAborted = !response.writableFinished;
    });
    send(await handler(request), request, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get lastRequest() {
      const last = requests.at(-1);
      if (last === undefined) throw new Error('Nothing was requested.');
      return last;
    },
    get connections() {
      return connections;
    },
    script(steps) {
      handler = scripted(steps);
    },
    respond(respond) {
      handler = respond;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function scripted(
  steps: readonly FakeStep[],
): (request: FakeRequest) => FakeStep | Promise<FakeStep> {
  const left = [...steps];
  return () =>
    left.shift() ?? { status: 500, body: { error: { message: 'The fake has no step left.' } } };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  let text = '';
  for await (const piece of incoming.setEncoding('utf8')) text += piece;
  return {
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: text === '' ? {} : (parseExactJson(text) as FakeRequest['body']),
    wholeBytes: 0,
    isAborted: false,
  };
}

function send(step: FakeStep, request: FakeRequest, response: ServerResponse) {
  if (step.isSilent) return;
  const { status, headers, body } = 'body' in step ? plain(step) : onWire(step, request);
  const bytes = Buffer.from(body);
  request.wholeBytes = bytes.length;
  request.wholeBody = bytes;
  response.writeHead(status, headers);
  response.flushHeaders();
  const { cutAfter, endAfter, stallAfter, pieceBytes = bytes.length || 1 } = step;
  const given = bytes.subarray(0, cutAfter ?? endAfter ?? stallAfter);
  for (let at = 0; at < given.length; at += pieceBytes) {
    response.write(given.subarray(at, at + pieceBytes));
  }
  if (cutAfter !== undefined) response.write('', () => response.destroy());
  else if (stallAfter === undefined) response.end();
}

interface Wired {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

function plain({ status = 200, headers, body }: FakeResponse): Wired {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const type = isText ? 'text/html; charset=utf-8' : 'application/json';
  return {
    status,
    headers: { 'content-type': type, ...headers },
    body: isText ? body : JSON.stringify(body),
  };
}

function onWire(answer: FakeAnswer, request: FakeRequest): Wired {
  const [path = ''] = request.path.split('?');
  const wire = wires.find((candidate) => candidate.path.test(path));
  if (!wire) {
    return plain({ status: 404, body: { error: { message: `No route ${request.path}.` } } });
  }
  const isStream = wire.isStream?.(request) ?? request.body['stream'] === true;
  if (!isStream) {
    return plain({ headers: { 'x-request-id': 'req_fake' }, body: wire.whole(answer, request) });
  }
  const events = wire.events(answer, request);
  const { inject, isFinished = true } = answer;
  if (inject) events.splice(inject.after, 0, (wire.event ?? event)(inject.event));
  const given = isFinished ? events : events.slice(0, -wire.lastEvents(request));
  return {
    status: 200,
    headers: {
      'content-type': wire.contentType ?? 'text/event-stream',
      'x-request-id': 'req_fake',
    },
    body: Buffer.concat(given.map((each) => Buffer.from(each as string))),
  };
}

/** The first that answers the path that is called. */
const wires = [
  groqChat,
  deepseekChat,
  chatCompletions,
  completions,
  messages,
  generateContent,
  converse,
  cohereChat,
];
