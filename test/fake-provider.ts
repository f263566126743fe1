import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of a tool; arguments that are text go out as they are, JSON or not. */
export interface FakeToolCall {
  readonly id?: string;
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>> | string;
}

export type FakeThinking =
  | { readonly thinking: string; readonly signature: string }
  | { readonly redacted: string };

/** Tokens in disjoint buckets; what is left out is not on the wire, where the wire allows that. */
export interface FakeUsage {
  readonly input: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
}

/** How an answer goes wrong on its way, counted in bytes of its body. */
interface Faults {
  /** The connection breaks after so many bytes. */
  readonly cutAfter?: number;
  /** The answer ends properly after so many bytes. */
  readonly endAfter?: number;
  /** Nothing comes after so many bytes, and the connection stays open. */
  readonly stallAfter?: number;
  /** Nothing comes at all, not even a status. */
  readonly isSilent?: boolean;
  /** Written in pieces of so many bytes, which splits characters and events. */
  readonly pieceBytes?: number;
}

/** What a model says: text (a list: in these chunks), thinking (Anthropic alone), tool calls. */
export interface FakeAnswer extends Faults {
  readonly text?: string | readonly string[];
  readonly thinking?: readonly FakeThinking[];
  readonly toolCalls?: readonly FakeToolCall[];
  /** In the vendor's words; by default what goes with the answer. */
  readonly finishReason?: string;
  /** Null: none (OpenAI alone). */
  readonly usage?: FakeUsage | null;
  /** More fields of the body, or of each chunk (OpenAI) or the first event's message (Anthropic). */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Events after so many of the answer's own have gone: each a whole `data:` object. */
  readonly inject?: { readonly after: number; readonly event: unknown };
  /** False: the stream ends before it says that it is finished. */
  readonly isFinished?: boolean;
}

/** Anything else: `{ status: 503, body: { error: … } }`, or a web page with status 200. */
export interface FakeResponse extends Faults {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body: unknown;
}

export type FakeStep = FakeAnswer | FakeResponse;

export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** How long the answer's body would be without faults. */
  wholeBytes: number;
  /** Whether the caller hung up before the answer ended. */
  isAborted: boolean;
}

export interface FakeProvider {
  /** `http://127.0.0.1:…`; add `/v1` for OpenAI. */
  readonly url: string;
  /** All requests so far, the oldest first. */
  readonly requests: readonly FakeRequest[];
  readonly lastRequest: FakeRequest;
  /** Connections opened so far. */
  readonly connections: number;
  /** Answers the next calls with these steps, in order; what is still queued is dropped. */
  script(steps: readonly FakeStep[]): void;
  /** Answers every call from now on as the handler says, until a script is set. */
  respond(handler: (request: FakeRequest) => FakeStep | Promise<FakeStep>): void;
  close(): Promise<void>;
}

/**
 * Starts a server that answers as OpenAI's chat completions, its completions or Anthropic's messages
 * do, by the path that is called, streamed or not as the request says.
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
    body: text === '' ? {} : JSON.parse(text),
    wholeBytes: 0,
    isAborted: false,
  };
}

function send(step: FakeStep, request: FakeRequest, response: ServerResponse) {
  if (step.isSilent) return;
  const { status, headers, body } = 'body' in step ? plain(step) : onWire(step, request);
  const bytes = Buffer.from(body);
  request.wholeBytes = bytes.length;
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
  const wire = wires.find(({ path }) => request.path.endsWith(path));
  if (!wire) {
    return plain({ status: 404, body: { error: { message: `No route ${request.path}.` } } });
  }
  if (request.body['stream'] !== true) {
    return plain({ headers: { 'x-request-id': 'req_fake' }, body: wire.whole(answer, request) });
  }
  const events = wire.events(answer, request);
  const { inject, isFinished = true } = answer;
  if (inject) events.splice(inject.after, 0, event(inject.event));
  // The event that says why it is finished, the usage that was asked for, and the last one.
  const last = asksForUsage(request) ? 3 : 2;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'x-request-id': 'req_fake' },
    body: (isFinished ? events : events.slice(0, -last)).join(''),
  };
}

/** By the end of the path that is called; the first that fits counts. */
const wires: readonly {
  readonly path: string;
  whole(answer: FakeAnswer, request: FakeRequest): unknown;
  events(answer: FakeAnswer, request: FakeRequest): string[];
}[] = [
  { path: '/chat/completions', whole: completion, events: completionChunks },
  { path: '/completions', whole: textCompletion, events: textCompletionChunks },
  { path: '/v1/messages', whole: message, events: messageEvents },
];

function textOf({ text = '' }: FakeAnswer): string {
  return typeof text === 'string' ? text : text.join('');
}

/** Pieces of text as a stream sends them: those given, or one for each word. */
function chunksOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? (text.match(/\s*\S+|\s+$/g) ?? []) : text;
}

function fragments(text: string): readonly string[] {
  return text.match(/[\s\S]{1,8}/g) ?? [];
}

function callsOf({ toolCalls = [] }: FakeAnswer, prefix: string) {
  return toolCalls.map(({ id, name, arguments: given = {} }, index) => ({
    id: id ?? `${prefix}_${index + 1}`,
    name,
    text: typeof given === 'string' ? given : JSON.stringify(given),
  }));
}

const someUsage: FakeUsage = { input: 12, cacheRead: 0, output: 7, reasoning: 0 };

/* OpenAI: https://platform.openai.com/docs/api-reference/chat */

function openaiUsage(usage: FakeUsage | null = someUsage) {
  if (usage === null) return null;
  const { input, cacheRead, cacheWrite, output, reasoning } = usage;
  const prompt = input + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    ...((cacheRead ?? cacheWrite) === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite } }),
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function asksForUsage({ body }: FakeRequest): boolean {
  const options = body['stream_options'] as { readonly include_usage?: boolean } | undefined;
  return options?.include_usage === true;
}

function completionFrame({ extra }: FakeAnswer, { body }: FakeRequest, object: string) {
  const frame = { id: 'chatcmpl-fake', object, created: 1_790_000_000, model: body['model'] };
  return { ...frame, service_tier: 'default', system_fingerprint: 'fp_fake', ...extra };
}

function completionFinish(answer: FakeAnswer): string {
  return answer.finishReason ?? (answer.toolCalls ? 'tool_calls' : 'stop');
}

function completion(answer: FakeAnswer, request: FakeRequest) {
  const calls = callsOf(answer, 'call');
  const text = textOf(answer);
  const usage = openaiUsage(answer.usage);
  return {
    ...completionFrame(answer, request, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, name, text: json }) => ({
              id,
              type: 'function',
              function: { name, arguments: json },
            })),
          }),
        },
        logprobs: chatLogprobs(chunksOf(answer.text ?? ''), request),
        finish_reason: completionFinish(answer),
      },
    ],
    ...(usage && { usage }),
  };
}

/** Of each piece of text, as if it were one token; null where they are not asked for. */
function chatLogprobs(tokens: readonly string[], { body }: FakeRequest) {
  const some = { logprob: -0.25, bytes: null };
  const top = body['top_logprobs'] === 0 ? [] : [{ token: 'id', ...some }];
  const content = tokens.map((token) => ({ token, ...some, top_logprobs: top }));
  return body['logprobs'] === true ? { content, refusal: null } : null;
}

function completionChunks(answer: FakeAnswer, request: FakeRequest): string[] {
  const frame = completionFrame(answer, request, 'chat.completion.chunk');
  const hasUsage = asksForUsage(request);
  const whileOpen = hasUsage ? { usage: null } : {};
  const chunk = (delta: Readonly<Record<string, unknown>>, finish: string | null = null) =>
    event({
      ...frame,
      choices: [
        {
          index: 0,
          delta,
          logprobs: delta['content'] ? chatLogprobs([String(delta['content'])], request) : null,
          finish_reason: finish,
        },
      ],
      ...whileOpen,
      obfuscation: 'kQ3v',
    });
  const events = [chunk({ role: 'assistant', content: '', refusal: null })];
  for (const content of chunksOf(answer.text ?? '')) events.push(chunk({ content }));
  callsOf(answer, 'call').forEach(({ id, name, text }, index) => {
    const first = { index, id, type: 'function', function: { name, arguments: '' } };
    events.push(chunk({ tool_calls: [first] }));
    for (const part of fragments(text)) {
      events.push(chunk({ tool_calls: [{ index, function: { arguments: part } }] }));
    }
  });
  events.push(chunk({}, completionFinish(answer)));
  if (hasUsage) events.push(event({ ...frame, choices: [], usage: openaiUsage(answer.usage) }));
  events.push('data: [DONE]\n\n');
  return events;
}

/* OpenAI: https://platform.openai.com/docs/api-reference/completions */

function textCompletionFrame({ extra }: FakeAnswer, { body }: FakeRequest) {
  const frame = { id: 'cmpl-fake', object: 'text_completion', created: 1_790_000_000 };
  return { ...frame, model: body['model'], system_fingerprint: 'fp_fake', ...extra };
}

/** Of each piece of text, as if it were one token; null where they are not asked for. */
function textLogprobs(tokens: readonly string[], start: number, { body }: FakeRequest) {
  if (typeof body['logprobs'] !== 'number') return null;
  return {
    tokens,
    token_logprobs: tokens.map(() => -0.25),
    top_logprobs: tokens.map((token) => ({ [token]: -0.25, index: -3 })),
    text_offset: tokens.map((_, at) => start + tokens.slice(0, at).join('').length),
  };
}

function textCompletion(answer: FakeAnswer, request: FakeRequest) {
  const usage = openaiUsage(answer.usage);
  return {
    ...textCompletionFrame(answer, request),
    choices: [
      {
        text: textOf(answer),
        index: 0,
        logprobs: textLogprobs(chunksOf(answer.text ?? ''), 0, request),
        finish_reason: answer.finishReason ?? 'stop',
      },
    ],
    ...(usage && { usage }),
  };
}

function textCompletionChunks(answer: FakeAnswer, request: FakeRequest): string[] {
  const frame = textCompletionFrame(answer, request);
  const hasUsage = asksForUsage(request);
  const chunk = (text: string, logprobs: object | null, finish: string | null) =>
    event({
      ...frame,
      choices: [{ text, index: 0, logprobs, finish_reason: finish }],
      ...(hasUsage ? { usage: null } : {}),
    });
  let start = 0;
  const events = chunksOf(answer.text ?? '').map((text) => {
    const logprobs = textLogprobs([text], start, request);
    start += text.length;
    return chunk(text, logprobs, null);
  });
  events.push(chunk('', null, answer.finishReason ?? 'stop'));
  if (hasUsage) events.push(event({ ...frame, choices: [], usage: openaiUsage(answer.usage) }));
  events.push('data: [DONE]\n\n');
  return events;
}

/* Anthropic: https://platform.claude.com/docs/en/api/messages */

function anthropicUsage(usage: FakeUsage | null = someUsage) {
  const { input, cacheRead = 0, cacheWrite = 0, output, reasoning } = usage ?? someUsage;
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
    ...(reasoning ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
    service_tier: 'standard',
  };
}

function messageFrame({ extra }: FakeAnswer, { body }: FakeRequest) {
  return { id: 'msg_fake', type: 'message', role: 'assistant', model: body['model'], ...extra };
}

function messageFinish(answer: FakeAnswer): string {
  return answer.finishReason ?? (answer.toolCalls ? 'tool_use' : 'end_turn');
}

function thinkingBlock(part: FakeThinking) {
  return 'redacted' in part
    ? { type: 'redacted_thinking', data: part.redacted }
    : { type: 'thinking', ...part };
}

function message(answer: FakeAnswer, request: FakeRequest) {
  const text = textOf(answer);
  return {
    ...messageFrame(answer, request),
    content: [
      ...(answer.thinking ?? []).map(thinkingBlock),
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...callsOf(answer, 'toolu').map(({ id, name, text: json }) => ({
        type: 'tool_use',
        id,
        name,
        input: parsed(json),
      })),
    ],
    stop_reason: messageFinish(answer),
    stop_sequence: null,
    usage: anthropicUsage(answer.usage),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function messageEvents(answer: FakeAnswer, request: FakeRequest): string[] {
  const usage = anthropicUsage(answer.usage);
  const { output_tokens: output, output_tokens_details: details, ...ofInput } = usage;
  const start = {
    ...messageFrame(answer, request),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...ofInput, output_tokens: 1 },
  };
  const events = [named({ type: 'message_start', message: start }), named({ type: 'ping' })];
  let index = 0;
  const block = (content: object, deltas: readonly object[]) => {
    events.push(named({ type: 'content_block_start', index, content_block: content }));
    for (const delta of deltas) events.push(named({ type: 'content_block_delta', index, delta }));
    events.push(named({ type: 'content_block_stop', index: index++ }));
  };
  for (const part of answer.thinking ?? []) {
    if ('redacted' in part) block(thinkingBlock(part), []);
    else {
      block({ type: 'thinking', thinking: '', signature: '' }, [
        ...chunksOf(part.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: part.signature },
      ]);
    }
  }
  if (textOf(answer) !== '') {
    const chunks = chunksOf(answer.text ?? '');
    block(
      { type: 'text', text: '' },
      chunks.map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const { id, name, text } of callsOf(answer, 'toolu')) {
    block({ type: 'tool_use', id, name, input: {} }, [
      { type: 'input_json_delta', partial_json: '' },
      ...fragments(text).map((part) => ({ type: 'input_json_delta', partial_json: part })),
    ]);
  }
  events.push(
    named({
      type: 'message_delta',
      delta: { stop_reason: messageFinish(answer), stop_sequence: null },
      usage: { output_tokens: output, ...(details && { output_tokens_details: details }) },
    }),
    named({ type: 'message_stop' }),
  );
  return events;
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function named(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\n${event(data)}`;
}
