import { describe, expect, test } from 'vitest';
import { createPriceTable } from '../../src/pricing/price-table.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

/** Exact in binary: a token of input is 0.25 dollars, one from a cache half of that, one of output 1. */
const prices = createPriceTable([
  { provider: 'mock', model: 'priced', input: 250_000, cache_read: 125_000, output: 1_000_000 },
  { provider: 'mock', model: 'free', input: 0, output: 0 },
]);
const api = await testApp({ prices });

/** What a step of a script reports to have used. */
const used = (input: number, output: number, cached?: number) => ({
  usage: { input_tokens: input, output_tokens: output, cached_tokens: cached },
});

const priced = (script: readonly Record<string, unknown>[], more: Record<string, unknown> = {}) =>
  scripted(script, { model: 'priced', ...more });

const costs = (prompt_cost: number | null, output_cost: number | null) => ({
  prompt_cost,
  output_cost,
});

const unknown = costs(null, null);
const looking = { tool_calls: [callOf('lookup', { key: 'x' })] };

describe('the cost of an agent’s call', () => {
  test('is what its tokens cost, those from the cache by their own price', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'costs/one',
      agent: priced([{ content: 'Hi.', ...used(8, 3, 4) }]),
      messages: hello,
    });
    // 8 × 0.25 + 4 × 0.125, and 3 × 1
    expect(body).toMatchObject(costs(2.5, 3));
    const turn = { ...costs(2.5, 3), price_table: prices.version };
    expect(body.turns).toMatchObject([turn]);
    const { body: stored } = await api.get(`/logs/${body.id}`);
    expect(stored).toMatchObject({ ...costs(2.5, 3), turns: [turn] });
  });

  test('is the sum of its model calls, and goes on with the run', async () => {
    const { body: suspended } = await api.post('/agents/call', {
      path: 'costs/two',
      agent: priced([
        { ...looking, ...used(4, 1) },
        { content: 'Found.', ...used(16, 2, 8) },
      ]),
      messages: hello,
    });
    expect(suspended).toMatchObject({ log_status: 'incomplete', ...costs(1, 1) });
    expect((await api.get(`/logs/${suspended.id}`)).body).toMatchObject(costs(1, 1));
    const { body } = await api.post('/agents/continue', {
      log_id: suspended.id,
      messages: [answerTo('call_1_1', 'y')],
    });
    // 1 + 16 × 0.25 + 8 × 0.125, and 1 + 2
    expect(body).toMatchObject({ log_status: 'complete', ...costs(6, 3) });
    expect(body.turns).toMatchObject([costs(1, 1), costs(5, 2)]);
  });

  test('is unknown where its model has no price, and 0 where that is the price', async () => {
    const call = (model: string) =>
      api.post('/agents/call', {
        path: `costs/${model}`,
        agent: scripted([{ content: 'Hi.', ...used(8, 3) }], { model }),
        messages: hello,
      });
    const { body: none } = await call('mock');
    expect(none).toMatchObject({ ...unknown, turns: [{ ...unknown, price_table: null }] });
    expect((await call('free')).body).toMatchObject(costs(0, 0));
  });

  test('is of the calls that succeeded, when a later one fails', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'costs/failing',
      agent: priced(
        [
          { tool_calls: [callOf('nothing')], ...used(4, 1) },
          { error: { status: 400, message: 'no' } },
        ],
        { tools: [] },
      ),
      messages: hello,
    });
    expect(body).toMatchObject({ output: null, ...costs(1, 1) });
    expect(body.error).toBeTruthy();
  });

  test('is stored when payloads are not', async () => {
    const { body: suspended } = await api.post('/agents/call', {
      path: 'costs/unsaved',
      agent: priced([
        { ...looking, ...used(4, 1) },
        { content: 'Found.', ...used(8, 2) },
      ]),
      messages: hello,
      save: false,
    });
    expect(suspended).toMatchObject(costs(1, 1));
    await api.post('/agents/continue', {
      log_id: suspended.id,
      messages: [answerTo('call_1_1', 'y')],
    });
    const { body: stored } = await api.get(`/logs/${suspended.id}`);
    expect(stored).toMatchObject({ output: null, save: false, ...costs(3, 3) });
    expect(stored.turns).toMatchObject([costs(1, 1), costs(2, 2)]);
  });
});

test('a linked prompt has its cost on its own log', async () => {
  const { body: prompt } = await api.post('/prompts', {
    path: 'costs/Classify',
    provider: 'mock',
    model: 'priced',
    template: 'Classify {{question}}.',
    other: { script: [{ content: 'a refund', ...used(12, 7) }] },
  });
  const { body } = await api.post('/agents/call', {
    path: 'costs/router',
    agent: priced(
      [
        { tool_calls: [callOf('classify', { question: 'Money back?' })], ...used(4, 1) },
        { content: 'A refund.', ...used(4, 1) },
      ],
      { tools: [{ type: 'file', link: { file_id: prompt.id } }, lookup] },
    ),
    messages: hello,
    include_trace_children: true,
  });
  expect(body).toMatchObject({ output: 'A refund.', ...costs(2, 2) });
  expect(body.trace_children).toMatchObject([{ output: 'a refund', ...costs(3, 7) }]);
  const { body: child } = await api.get(`/logs/${body.trace_children[0].id}`);
  expect(child).toMatchObject({ prompt_tokens: 12, output_tokens: 7, ...costs(3, 7) });
  expect(child.provider_request.messages).toMatchObject([{ content: 'Classify Money back?.' }]);
  expect(child.provider_response).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
});

test('a stream tells what each model call cost, and at its end what all did', async () => {
  const { body: prompt } = await api.post('/prompts', {
    path: 'costs/Streamed',
    provider: 'mock',
    model: 'priced',
    template: 'Say it.',
    other: { script: [{ content: 'it', ...used(8, 5) }] },
  });
  const events = await api.stream('/agents/call', {
    path: 'costs/streamed',
    agent: priced(
      [
        { tool_calls: [callOf('streamed')], ...used(4, 1) },
        { content: 'Done.', ...used(8, 3) },
      ],
      { tools: [{ type: 'file', link: { file_id: prompt.id } }] },
    ),
    messages: hello,
  });
  const payloads = (type: string) =>
    events.filter((event) => event.type === type).map(({ payload }) => payload);
  expect(payloads('agent_end')).toMatchObject([costs(1, 1), costs(2, 3)]);
  expect(payloads('tool_end')).toMatchObject([costs(2, 5)]);
  expect(payloads('agent_turn_end')).toMatchObject([costs(3, 4)]);
});

test('samples have their own costs, and their log what all of them cost', async () => {
  const { body } = await api.post('/prompts/call', {
    path: 'costs/samples',
    prompt: {
      provider: 'mock',
      model: 'priced',
      template: 'Say it.',
      other: { script: [{ content: 'it', ...used(4, 5) }] },
    },
    num_samples: 3,
  });
  expect(body.logs).toMatchObject([costs(1, 5), costs(1, 5), costs(1, 5)]);
  const { body: log } = await api.get(`/logs/${body.id}`);
  expect(log).toMatchObject({ ...costs(3, 15), logs: [costs(1, 5), costs(1, 5), costs(1, 5)] });
});

test('lists of logs show costs, whole or in short', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'costs/listed',
    agent: priced([{ content: 'Hi.', ...used(8, 3) }]),
    messages: hello,
  });
  const fileId = body.agent.id;
  for (const view of ['', '&view=summary']) {
    const { body: list } = await api.get(`/logs?file_id=${fileId}${view}`);
    expect(list.records).toMatchObject([{ id: body.id, ...costs(2, 3) }]);
  }
});

test('a log that a client writes has the costs that the client gives', async () => {
  const log = (more: object) =>
    api.post('/agents/log', {
      path: 'costs/logged',
      agent: { provider: 'openai', model: 'gpt-4o' },
      output: 'Hi.',
      prompt_tokens: 1_000,
      output_tokens: 1_000,
      ...more,
    });
  const { body: given } = await log(costs(0.5, 0.25));
  expect((await api.get(`/logs/${given.id}`)).body).toMatchObject(costs(0.5, 0.25));
  const { body: silent } = await log({});
  expect((await api.get(`/logs/${silent.id}`)).body).toMatchObject(unknown);
});
