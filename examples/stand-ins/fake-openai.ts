import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type ChatRequest, nextAnswer, type Said } from './parts.ts';
import type { StandIn } from './stand-in.ts';

/**
 * Starts a server that speaks OpenAI's chat completions API, and answers with the lines in
 * `parts.ts`.
 */
export async function startFakeOpenAi(): Promise<StandIn> {
  const server = createServer(async (incoming, response) => {
    const request = (await json(incoming)) as ChatRequest;
    const said = nextAnswer(request);
    if (request.stream) stream(response, request, said);
    else {
      const choice = { index: 0, message: message(said), finish_reason: finishReason(said) };
      const body = { ...frame(request), choices: [choice], usage: usage(request, said) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => server.close().closeAllConnections() };
}

function stream(response: ServerResponse, request: ChatRequest, said: Said): void {
  const send = (choices: readonly object[], more: object = {}) =>
    response.write(`data: ${JSON.stringify({ ...frame(request), choices, ...more })}\n\n`);
  const { content, tool_calls: calls } = message(said);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send([{ index: 0, delta: { role: 'assistant' }, finish_reason: null }]);
  for (const word of content?.match(/\s*\S+/g) ?? [])
    send([{ index: 0, delta: { content: word }, finish_reason: null }]);
  if (calls) {
    const delta = { tool_calls: calls.map((call, index) => ({ index, ...call })) };
    send([{ index: 0, delta, finish_reason: null }]);
  }
  send([{ index: 0, delta: {}, finish_reason: finishReason(said) }]);
  send([], { usage: usage(request, said) });
  response.end('data: [DONE]\n\n');
}

const frame = ({ model, stream }: ChatRequest) => ({
  id: 'chatcmpl-stand-in',
  object: stream ? 'chat.completion.chunk' : 'chat.completion',
  created: Math.floor(Date.now() / 1_000),
  model,
});

const finishReason = ({ calls }: Said) => (calls ? 'tool_calls' : 'stop');

const message = ({ text, calls }: Said) => ({
  role: 'assistant',
  content: text ?? null,
  ...(calls && {
    tool_calls: calls.map(([name, input]) => ({
      id: `call_${name}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    })),
  }),
});

/** One token for every four characters, roughly as in English. */
function usage({ messages, tools }: ChatRequest, said: Said) {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4);
  const [input, output] = [tokens([messages, tools]), tokens(said)];
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
