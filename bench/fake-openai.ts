import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

// A program that answers every chat completion at once with the same words. It listens on a free
// loopback port, and sends the port to its parent process. The model `three-steps` calls a tool
// twice first.

const words = 'Your balance is 1250.75 GBP, and nothing is due before the end of the month.';
const created = 1_777_636_800;
const model = 'gpt-4o-mini';
const usage = { prompt_tokens: 48, completion_tokens: 17, total_tokens: 65 };

const whole = completion({ role: 'assistant', content: words }, 'stop');
const asking = completion(
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        id: 'call_bench',
        type: 'function',
        function: { name: 'look_up', arguments: '{"account":"ACC-4711"}' },
      },
    ],
  },
  'tool_calls',
);

function completion(message: object, finishReason: string): string {
  return JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    usage,
  });
}

const pieces = [
  chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  ...(words.match(/\S+\s*/g) ?? []).map((content) =>
    chunk([{ index: 0, delta: { content }, finish_reason: null }]),
  ),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], usage),
  'data: [DONE]\n\n',
];

function chunk(choices: readonly object[], ofAll: object | null = null): string {
  const id = 'chatcmpl-bench';
  const object = 'chat.completion.chunk';
  return `data: ${JSON.stringify({ id, object, created, model, choices, usage: ofAll })}\n\n`;
}

function send(response: ServerResponse, answer: string): void {
  if (answer !== 'stream') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) response.write(piece);
  response.end();
}

const server = createServer(async (request, response) => {
  const body = await text(request);
  const asks = body.includes('"model":"three-steps"') && body.split('"role":"tool"').length <= 2;
  send(response, body.includes('"stream":true') ? 'stream' : asks ? asking : whole);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit(0));
