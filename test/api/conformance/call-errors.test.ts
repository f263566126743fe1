import { describe, expect, test } from 'vitest';
import { openaiProvider } from '../../../src/providers/openai/openai-provider.ts';
import { callOf, hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { fileOfKind } from '../../support/files.ts';

const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: undefined, baseUrl: 'http://127.0.0.1:9/v1' }) },
  modelLimits: { maxAttempts: 1 },
});

const failing = (status: number, more: object = {}) => ({
  error: { status, message: 'It said no.', ...more },
});

const call = (script: Parameters<typeof scripted>[0], body: object = {}) =>
  api.post('/agents/call', { path: 'failing', agent: scripted(script), messages: hello, ...body });

describe('when the provider fails on the first model call', () => {
  test.each([
    [400, 422, 'provider_rejected', 422],
    [404, 422, 'provider_rejected', 422],
    [401, 422, 'provider_unauthorized', 422],
    [403, 422, 'provider_unauthorized', 422],
    [429, 429, 'provider_rate_limited', 429],
    [500, 502, 'provider_unavailable', 502],
    [503, 502, 'provider_unavailable', 502],
  ])('B3: its %i is answered with %i', async (theirs, ours, code, detailCode) => {
    expect(await call([failing(theirs)])).toMatchObject({
      statusCode: ours,
      body: { code, detail: { code: detailCode } },
    });
  });

  test('B3: `detail` is an object of type, message, code and origin', async () => {
    const { body } = await call([failing(400)]);
    expect(body.detail).toEqual({
      type: 'unprocessable_entity_error',
      message: expect.stringContaining('It said no.'),
      code: 422,
      origin: expect.any(String),
    });
  });

  test('B3: a limit of the provider is answered with `Retry-After`, in seconds', async () => {
    const { headers } = await call([failing(429, { retry_after_ms: 7_000 })]);
    expect(headers['retry-after']).toBe('7');
  });

  test('B3: the log is kept, complete, with its input and the error', async () => {
    await call([failing(400)], { log_id: 'failed-first', inputs: { a: 1 } });
    expect((await api.get('/logs/failed-first')).body).toMatchObject({
      log_status: 'complete',
      messages: hello,
      inputs: { a: 1 },
      output: null,
      error: expect.stringContaining('It said no.'),
    });
  });
});

describe('when the provider fails after a model call has finished', () => {
  const again = { content: 'Again.', tool_calls: [callOf('nonesuch')] };

  test.each([400, 429, 500])(
    'B3: its %i is the outcome of the run: 200, with the error',
    async (status) => {
      expect(await call([again, failing(status)])).toMatchObject({
        statusCode: 200,
        body: {
          log_status: 'complete',
          output: null,
          output_message: null,
          error: expect.stringContaining('It said no.'),
        },
      });
    },
  );

  test('B3: the turns and the trace so far are kept', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'helper', {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: '{{question}}' }],
      other: { script: [{ content: 'Helped.' }] },
    });
    const step = { tool_calls: [callOf('helper', { question: 'x' })] };
    const { body } = await api.post('/agents/call', {
      path: 'failing late',
      agent: scripted([step, failing(400)], { tools: [{ type: 'file', link: { file_id: id } }] }),
      messages: hello,
      include_trace_children: true,
    });
    expect(body.trace_children).toMatchObject([{ output: 'Helped.' }]);
    expect(body.messages.map(({ role }: { role: string }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
    ]);
  });
});

test('B3: without a key for the provider a call is refused, with 422', async () => {
  const answer = await api.post('/agents/call', {
    path: 'keyless',
    agent: { provider: 'openai', model: 'm' },
    messages: hello,
  });
  expect(answer).toMatchObject({
    statusCode: 422,
    body: { detail: { type: 'missing_provider_key', code: 422 } },
  });
});
