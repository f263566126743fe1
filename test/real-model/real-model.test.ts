import { expect, test } from 'vitest';
import { answerTo } from '../support/agents.ts';
import { type EventReader, streamed } from '../support/event-reader.ts';
import { freePort } from '../support/free-port.ts';
import { testServers } from '../support/server.ts';
import { startLlama } from './llama-server.ts';

// What real weights say is not known beforehand, so these tests look at what has to hold of any words.
// Where the words matter (a call of a tool), examples in the conversation leave the model no choice.

const port = await freePort();
const llama = await startLlama(port);
const servers = testServers();
const server = await servers.start({
  dataDir: await servers.newDataFolder(),
  env: { LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' },
});
const { status } = await server.post('/v5/custom-endpoints', {
  name: 'my-smollm',
  base_url: `http://127.0.0.1:${port}/v1`,
});
expect(status).toBe(201);

/** The likeliest words, always. */
const model = { provider: 'my-smollm', model: 'smollm2', temperature: 0, seed: 1 };
const user = (content: string) => ({ role: 'user', content });
const messages = [user('Name three animals.')];

/** Calls a prompt, inline. */
const ask = (spec: object, more: object = {}) =>
  server.post('/v5/prompts/call', {
    ...{ path: 'Real/Prompt', prompt: { ...model, max_tokens: 24, ...spec } },
    ...{ messages, ...more },
  });

const balance = {
  type: 'inline',
  json_schema: {
    name: 'get_balance',
    description: 'The balance of an account.',
    parameters: {
      type: 'object',
      properties: { account: { type: 'string' } },
      required: ['account'],
    },
  },
};

/** One question about an account that was answered by a call of the tool. */
const example = (id: string, account: string, result: string) => [
  user(`The balance of account ${account}`),
  {
    role: 'assistant',
    content: '',
    tool_calls: [
      {
        id,
        type: 'function',
        function: { name: 'get_balance', arguments: JSON.stringify({ account }) },
      },
    ],
  },
  answerTo(id, result),
  { role: 'assistant', content: `Account ${account} has ${result}.` },
];

const textOf = ({ events }: EventReader) =>
  events.map(({ type, payload }) => (type === 'agent_update' ? payload.output : '')).join('');

test('a call has words, tokens and the reason why it ended', async () => {
  const { status, body } = await ask({});
  expect(status).toBe(200);
  expect(body.logs[0]).toMatchObject({
    provider: 'my-smollm',
    error: null,
    finish_reason: expect.stringMatching(/^(stop|length)$/),
    prompt_tokens: expect.any(Number),
    output_tokens: expect.any(Number),
    prompt_cost: null,
  });
  expect(body.logs[0].output.length).toBeGreaterThan(5);
});

test('a stream has the words of its log', async () => {
  const agent = { ...model, max_tokens: 24 };
  const stream = await streamed(server, '/v5/agents/call', { path: 'Real/Agent', agent, messages });
  expect(await stream.end).toBe('done');
  const log = stream.events.at(-1)?.payload;
  expect(log).toMatchObject({ error: null, log_status: 'complete' });
  expect(log.turns[0].output_tokens).toBeGreaterThan(5);
  expect(textOf(stream)).toBe(log.output);
  expect(stream.events.filter(({ type }) => type === 'agent_update').length).toBeGreaterThan(3);
});

test.each([false, true])(
  'a run is suspended by a call of a tool and goes on with its result; streamed: %s',
  async (isStream) => {
    const body = {
      path: 'Real/Teller',
      agent: { ...model, max_tokens: 60, tools: [balance] },
      messages: [
        ...example('c1', 'C4', '30 euros'),
        ...example('c2', 'B1', '10 euros'),
        user('The balance of account A7'),
      ],
    };
    const suspended = await outcome('/v5/agents/call', body, isStream);
    expect(suspended).toMatchObject({ log_status: 'incomplete', error: null });
    const [call, ...others] = suspended.previous_agent_message.tool_calls;
    expect(others).toEqual([]);
    expect(call.function.name).toBe('get_balance');
    expect(JSON.parse(call.function.arguments)).toEqual({ account: 'A7' });
    const answer = { log_id: suspended.id, messages: [answerTo(call.id, '250 euros')] };
    const done = await outcome('/v5/agents/continue', answer, isStream);
    expect(done).toMatchObject({ log_status: 'complete', error: null });
    expect(done.output).toContain('250');
    expect(done.turns).toHaveLength(2);
  },
);

async function outcome(path: string, body: object, isStream: boolean) {
  if (!isStream) return (await server.post(path, body)).body;
  const stream = await streamed(server, path, body);
  expect(await stream.end).toBe('done');
  return stream.events.at(-1)?.payload;
}

test('an answer in JSON fits its schema', async () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string', maxLength: 20 }, isBig: { type: 'boolean' } },
    required: ['city', 'isBig'],
    additionalProperties: false,
  };
  const { body } = await ask(
    { max_tokens: 60, response_format: { type: 'json_schema', json_schema: schema } },
    { messages: [user('Name a city.')] },
  );
  expect(JSON.parse(body.logs[0].output)).toEqual({
    city: expect.any(String),
    isBig: expect.any(Boolean),
  });
});

test('an answer ends before a stop sequence', async () => {
  const counting = { endpoint: 'complete', template: 'One, two, three, four,' };
  const { body } = await ask({ ...counting, stop: [' six'] }, { messages: undefined });
  expect(body.logs[0]).toMatchObject({ finish_reason: 'stop', error: null });
  expect(body.logs[0].output).toMatch(/five/);
  expect(body.logs[0].output).not.toMatch(/six/);
});

test('each token comes with its alternatives', async () => {
  const { body } = await ask({ max_tokens: 5 }, { logprobs: 2 });
  const tokens = body.provider_response.choices[0].logprobs.content;
  expect(tokens).toHaveLength(5);
  for (const { token, logprob, top_logprobs: others } of tokens) {
    expect(others).toHaveLength(2);
    expect(others[0]).toMatchObject({ token, logprob });
  }
});

test('samples are calls of their own', async () => {
  const { body } = await ask({ max_tokens: 8, temperature: 1 }, { num_samples: 3 });
  expect(body.logs).toMatchObject(
    [0, 1, 2].map((index) => ({ index, error: null, provider: 'my-smollm' })),
  );
  expect(body.logs.every(({ output }: { output: string }) => output.length > 0)).toBe(true);
});

test('a conversation that is too long is refused with the server’s own reason', async () => {
  const { status, body } = await ask({}, { messages: [user('word '.repeat(1_500))] });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'provider_rejected' });
  expect(body.detail.origin).toBe('my-smollm');
  expect(body.detail.message).toMatch(
    /^`my-smollm` answered 400: request \(\d+ tokens\) exceeds the available context size \(1024 tokens\)/,
  );
});

test('what a server said before it died is kept, and a repeat works once it is back', async () => {
  const agent = { ...model, max_tokens: 600, other: { ignore_eos: true } };
  const call = { path: 'Real/Killed', agent, messages: [user('Tell a long story.')] };
  const stream = await streamed(server, '/v5/agents/call', call);
  await expect.poll(() => textOf(stream).length).toBeGreaterThan(20);
  await llama.kill();
  await stream.end;
  const { log_id: id } = stream.events.find(({ payload }) => payload?.log_id)?.payload ?? {};
  const { body: log } = await server.get(`/v5/logs/${id}`);
  expect(log).toMatchObject({ log_status: 'complete', output: null });
  expect(log.error).toContain('`my-smollm` broke in the middle of the answer');
  expect(log.turns[0]).toMatchObject({ provider: 'my-smollm', error: log.error });
  expect(log.messages.at(-1)).toMatchObject({ role: 'assistant', content: textOf(stream) });
  const raw = log.turns[0].provider_response;
  expect(raw.choices[0].message.content).toBe(textOf(stream));

  await startLlama(port);
  const again = await server.post('/v5/agents/call', {
    ...call,
    agent: { ...agent, max_tokens: 8 },
  });
  expect(again.body).toMatchObject({ error: null, log_status: 'complete' });
});
