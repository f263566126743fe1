import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import type { ChatMessage } from '../../contract/chat.ts';
import type { ModelRequest } from '../provider.ts';
import { bedrockProvider } from './bedrock-provider.ts';

const fake = await startFakeProvider();
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const accessKey = `AKIAIOSFODNN7EXAMPLE:${secret}`;
const provider = bedrockProvider({ apiKey: accessKey, region: 'us-east-1', baseUrl: fake.url });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const MODEL = 'anthropic.claude-3-7-sonnet-20250219-v1:0';
const tool = { name: 'look', description: 'Looks.' };

async function sent(fields: Partial<ModelRequest>) {
  const { answer } = await attempt(provider, modelRequest({ model: MODEL, ...fields }));
  return { body: fake.lastRequest.body, warnings: answer.warnings };
}

const conversation = (messages: readonly ChatMessage[]) => ({
  messages: messages.map((message) => ({ message })),
});

/**
 * The expected signature of a request, computed after
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function expectedSignature(region: string): string {
  const { headers, path, body } = fake.lastRequest;
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(String(headers['authorization'])) ?? [];
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = [
    'POST',
    // Amazon signs the path with a second layer of encoding.
    path.split('/').map(encodeURIComponent).join('/'),
    '',
    ...names.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    names,
    hash(JSON.stringify(body)),
  ].join('\n');
  const at = String(headers['x-amz-date']);
  const scope = `${at.slice(0, 8)}/${region}/bedrock/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, hash(canonical)].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>(
      (signer, part) => createHmac('sha256', signer).update(part).digest(),
      `AWS4${secret}`,
    );
  return createHmac('sha256', signingKey).update(toSign).digest('hex');
}

test.each([
  [accessKey, 'us-east-1', undefined],
  [`eu-west-3:${accessKey}`, 'eu-west-3', undefined],
  [`us-gov-west-1:${accessKey}:session/token==`, 'us-gov-west-1', 'session/token=='],
])(
  'the request as it is sent, other included, is signed with %s',
  async (apiKey, region, token) => {
    const request = modelRequest({ model: MODEL, other: { top_k: 5 } });
    await attempt(provider, request, { apiKey });
    const { headers, body } = fake.lastRequest;
    expect(headers['authorization']).toContain(`AKIAIOSFODNN7EXAMPLE/`);
    expect(headers['authorization']).toContain(`Signature=${expectedSignature(region)}`);
    expect(headers['x-amz-security-token']).toBe(token);
    expect(body).toMatchObject({ additionalModelRequestFields: { top_k: 5 } });
  },
);

test('an API key of Bedrock’s is presented as it is, with a region before it or not', async () => {
  for (const apiKey of ['bedrock-api-key-YWJj', 'ap-south-1:bedrock-api-key-YWJj']) {
    await attempt(provider, modelRequest({ model: MODEL }), { apiKey });
    expect(fake.lastRequest.headers['authorization']).toBe('Bearer bedrock-api-key-YWJj');
  }
});

test.each(['AKIA:', ':secret', 'AKIA:secret:', 'AKIA:secret:token:more', 'us-east-1:'])(
  'the key %s is refused before anything is sent',
  async (apiKey) => {
    const before = fake.requests.length;
    const failure = await failureOf(attempt(provider, modelRequest({ model: MODEL }), { apiKey }));
    expect(failure.kind).toBe('rejected');
    expect(failure.message).toContain('<access key id>:<secret access key>');
    expect(failure.message).not.toContain('AKIA');
    expect(fake.requests).toHaveLength(before);
  },
);

test('without a region, and with one that is none, there is no address', async () => {
  for (const region of [undefined, 'evil.example.com/']) {
    const nowhere = bedrockProvider({ apiKey: accessKey, region, baseUrl: undefined });
    const failure = await failureOf(attempt(nowhere, modelRequest({ model: MODEL })));
    expect(failure).toMatchObject({ kind: 'rejected' });
    expect(failure.message).toContain('AWS_REGION');
  }
});

test('settings are sent under their names, and what Bedrock lacks is warned of', async () => {
  const { body, warnings } = await sent({
    maxTokens: 99,
    temperature: 1.5,
    stop: ['END'],
    seed: 7,
    frequencyPenalty: 0.2,
  });
  expect(body['inferenceConfig']).toEqual({
    maxTokens: 99,
    temperature: 1,
    stopSequences: ['END'],
  });
  expect(warnings).toEqual([
    'FrequencyPenalty is not supported and was left out.',
    'Seed is not supported and was left out.',
    '1.5 exceeds bedrock maximum of 1.0. clamped to 1.0.',
  ]);
});

test('fields of other are Converse’s own or go to the model', async () => {
  const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1' };
  const { body } = await sent({
    reasoningEffort: 2_000,
    other: { guardrailConfig, top_k: 5, additionalModelRequestFields: { thinking: { type: 'x' } } },
  });
  expect(body).toMatchObject({
    guardrailConfig,
    additionalModelRequestFields: { thinking: { type: 'x' }, top_k: 5 },
  });
});

test('a budget of thinking tokens is sent to Anthropic’s models', async () => {
  const { body, warnings } = await sent({ reasoningEffort: 100, maxTokens: 50 });
  expect(body).toMatchObject({
    inferenceConfig: { maxTokens: 1_074 },
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
  });
  expect(warnings).toEqual([
    'Amazon Bedrock needs at least 1024 thinking tokens; that number was sent.',
  ]);
  const other = await sent({ model: 'meta.llama3-70b-instruct-v1:0', reasoningEffort: 2_000 });
  expect(other.body).not.toHaveProperty('additionalModelRequestFields');
  expect(other.warnings).toHaveLength(1);
});

test('images are sent as data, in messages and tool results, and refused by address', async () => {
  const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
  const data = image('data:image/png;base64,iVBORw0KGgo=');
  const onWire = { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } };
  const { body } = await sent({
    tools: [tool],
    ...conversation([
      { role: 'user', content: [{ type: 'text', text: 'See:' }, data] },
      {
        role: 'assistant',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'look' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: [data] },
    ]),
  });
  expect(body['messages']).toMatchObject([
    { content: [{ text: 'See:' }, onWire] },
    { content: [{ toolUse: { name: 'look', input: {} } }] },
    { content: [{ toolResult: { toolUseId: 't1', content: [onWire] } }] },
  ]);
  const failure = await failureOf(
    sent(conversation([{ role: 'user', content: [image('https://example.com/cat.png')] }])),
  );
  expect(failure.message).toBe(
    'The request cannot be sent to Amazon Bedrock: an image is given by its URL, but only images as base64 data are accepted.',
  );
});

test('any JSON object is asked for in words, with a warning', async () => {
  const { body, warnings } = await sent({ responseFormat: { type: 'json_object' } });
  expect(body['system']).toEqual([{ text: expect.stringContaining('a single JSON object') }]);
  expect(warnings).toEqual([expect.stringContaining('no JSON mode without a schema')]);
});

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('reasoning that is redacted goes through a second turn', async () => {
    fake.script([{ thinking: [{ redacted: 'UkVE' }], text: 'Hello' }, { text: 'Done' }]);
    const request = modelRequest({ model: MODEL, stream });
    const { answer } = await attempt(provider, request);
    await attempt(provider, {
      ...request,
      messages: [
        ...request.messages,
        { message: answer.message, parts: answer.parts },
        { message: { role: 'user', content: 'And?' } },
      ],
    });
    expect(fake.lastRequest.body['messages']).toMatchObject([
      {},
      { content: [{ reasoningContent: { redactedContent: 'UkVE' } }, { text: 'Hello' }] },
      {},
    ]);
  });

  test('a schema is a tool that must be called for a model that cannot enforce it', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    fake.script([{ toolCalls: [{ name: 'json', arguments: { a: 1 } }] }]);
    const { answer } = await attempt(
      provider,
      modelRequest({
        model: 'amazon.nova-pro-v1:0',
        stream,
        responseFormat: { type: 'json_schema', json_schema: { schema } },
      }),
    );
    expect(fake.lastRequest.body).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { name: 'json' } }], toolChoice: { any: {} } },
    });
    expect(answer.message).toEqual({ role: 'assistant', content: '{"a":1}' });
  });

  test('Amazon’s errors are told by their status and message', async () => {
    fake.script([
      {
        status: 400,
        headers: { 'x-amzn-errortype': 'ValidationException' },
        body: { message: 'The model id is invalid.' },
      },
    ]);
    const failure = await failureOf(attempt(provider, modelRequest({ model: MODEL, stream })));
    expect(failure).toMatchObject({
      kind: 'rejected',
      message: 'Amazon Bedrock answered 400: The model id is invalid.',
    });
  });
});

test.each([
  ['throttlingException', 'rate_limited'],
  ['validationException', 'rejected'],
  ['internalServerException', 'unavailable'],
  ['modelStreamErrorException', 'unavailable'],
  ['serviceUnavailableException', 'unavailable'],
])('a %s in a stream, first or later, is a failure of kind %s', async (type, kind) => {
  for (const after of [0, 1, 3]) {
    const event = { [type]: { message: 'It was so.' } };
    fake.script([{ text: 'Hello there you', inject: { after, event } }]);
    const failure = await failureOf(
      attempt(provider, modelRequest({ model: MODEL, stream: true })),
    );
    expect(failure).toMatchObject({
      kind,
      message: 'Amazon Bedrock answered with an error: It was so.',
      providerResponse: { error: { type, message: 'It was so.' } },
    });
  }
});

test('a top_p of 1 is left out beside a temperature for Anthropic’s models', async () => {
  const { body, warnings } = await sent({ temperature: 1, topP: 1 });
  expect(body['inferenceConfig']).toMatchObject({ temperature: 1 });
  expect(body['inferenceConfig']).not.toHaveProperty('topP');
  expect(warnings).toHaveLength(1);
  const other = await sent({ model: 'amazon.nova-lite-v1:0', temperature: 1, topP: 1 });
  expect(other.body['inferenceConfig']).toMatchObject({ temperature: 1, topP: 1 });
});

describe('a conversation with earlier calls', () => {
  const messages = [
    { message: { role: 'user' as const, content: 'Hello' } },
    {
      message: {
        role: 'assistant' as const,
        tool_calls: [{ id: 'c', type: 'function' as const, function: { name: 'look' } }],
      },
    },
    { message: { role: 'tool' as const, tool_call_id: 'c', content: 'a red door' } },
  ];

  test('keeps them when no tool is offered, with a warning', async () => {
    const { answer } = await attempt(provider, modelRequest({ model: MODEL, messages }));
    const sent = JSON.stringify(fake.lastRequest.body['messages']);
    expect(sent).toContain('toolUse');
    expect(sent).toContain('a red door');
    expect(fake.lastRequest.body).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { name: 'look' } }] },
    });
    expect(answer.warnings).toHaveLength(1);
  });

  test('keeps them when no tool may be called, with a warning', async () => {
    const tools = [{ name: 'look', description: 'Looks.' }];
    const { answer } = await attempt(
      provider,
      modelRequest({ model: MODEL, messages, tools, toolChoice: 'none' }),
    );
    expect(JSON.stringify(fake.lastRequest.body['messages'])).toContain('a red door');
    expect(answer.warnings).toHaveLength(1);
  });
});

describe('an answer with something new in it', () => {
  const whole = (content: unknown, more: object = {}) => ({
    body: { output: { message: { role: 'assistant', content } }, stopReason: 'end_turn', ...more },
  });
  const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };

  test.each([
    ['a block of a new kind', whole([{ hologram: { x: 1 } }, { text: 'Hi' }], { usage })],
    ['a block that is a number', whole([7, { text: 'Hi' }], { usage })],
    ['content that is a text', whole('Hi', { usage })],
    ['no usage', whole([{ text: 'Hi' }])],
    ['odd metrics', whole([{ text: 'Hi' }], { usage, metrics: 'fast', trace: 5 })],
    [
      'a citation without text',
      whole([{ citationsContent: 'x' }, { text: 'Hi' }], { usage: { ...usage, cacheDetails: 1 } }),
    ],
  ])('%s is an answer', async (_what, step) => {
    fake.script([step]);
    const { answer } = await attempt(provider, modelRequest());
    expect(answer.message.content).toBe('Hi');
  });

  test('keeps its calls and its thinking', async () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
      { toolUse: { name: 'one', input: { x: 1 } } },
      { hologram: {} },
    ];
    fake.script([whole(content, { usage })]);
    const { answer } = await attempt(
      provider,
      modelRequest({ tools: [{ name: 'one', description: '' }] }),
    );
    expect(answer.message).toMatchObject({
      thinking: [{ thinking: 'Hm.', signature: 'c2ln' }],
      tool_calls: [{ function: { name: 'one', arguments: '{"x":1}' } }],
    });
    expect(answer.warnings.join()).toContain('hologram');
  });

  test.each([
    ['an event', { hologramStart: { x: 1 } }],
    ['a piece', { contentBlockDelta: { contentBlockIndex: 0, delta: { hologram: 'x' } } }],
    ['a block', { contentBlockStart: { contentBlockIndex: 5, start: { hologram: 7 } } }],
  ])('in a stream, as %s, is passed over', async (_what, event) => {
    fake.script([{ text: 'Hi there', inject: { after: 2, event } }]);
    const { answer } = await attempt(provider, modelRequest({ stream: true }));
    expect(answer.message.content).toBe('Hi there');
  });

  test('is a failure when text or arguments of it are lost', async () => {
    const event = { contentBlockDelta: { contentBlockIndex: 0, delta: { text: ['lost'] } } };
    fake.script([{ text: 'Hi there', inject: { after: 2, event } }]);
    const failure = await failureOf(attempt(provider, modelRequest({ stream: true })));
    expect(failure.kind).toBe('nonsense');
  });
});
