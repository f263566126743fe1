import { describe, expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';

const api = await testApp();

const asking = { tool_calls: [callOf('lookup')] };

type Script = Parameters<typeof scripted>[0];

/** The log of a call of an agent whose model says these steps. */
async function called(script: Script): Promise<Answer['body']> {
  const call = { path: 'agent', agent: scripted(script), messages: hello };
  return (await api.post('/agents/call', call)).body;
}

/** The log of a run made elsewhere, as it is stored. */
async function logged(more: object = {}): Promise<Answer['body']> {
  const request = { path: 'agent', agent: scripted([]), ...more };
  const { body } = await api.post('/agents/log', request);
  return logOf(body.id);
}

const logOf = async (id: string): Promise<Answer['body']> => (await api.get(`/logs/${id}`)).body;
const proceed = (log_id: string, turn = 1) =>
  api.post('/agents/continue', { log_id, messages: [answerTo(`call_${turn}_1`, 'x')] });
const patch = ({ id, agent }: Answer['body'], log_status: string) =>
  api.patch(`/agents/${agent.id}/log/${id}`, { log_status });

test('States: a call that finishes is complete', async () => {
  const { id } = await called([{ content: 'Hi.' }]);
  expect(await logOf(id)).toMatchObject({ log_status: 'complete', run: null });
});

test('States: a call that needs a tool which the server cannot run is incomplete: suspended', async () => {
  const { id } = await called([asking]);
  expect(await logOf(id)).toMatchObject({ log_status: 'incomplete', run: { state: 'suspended' } });
});

test('States: a suspended log is complete when its continue finishes', async () => {
  const { id } = await called([asking, { content: 'Done.' }]);
  await proceed(id);
  expect(await logOf(id)).toMatchObject({ log_status: 'complete', run: null, output: 'Done.' });
});

test('States: a suspended log is suspended again when its continue suspends', async () => {
  const { id } = await called([asking, asking]);
  await proceed(id);
  expect(await logOf(id)).toMatchObject({ log_status: 'incomplete', run: { state: 'suspended' } });
});

test('States: a suspended log that is changed to complete is complete: abandoned', async () => {
  const log = await called([asking, { content: 'Done.' }]);
  expect((await patch(log, 'complete')).statusCode).toBe(200);
  expect(await logOf(log.id)).toMatchObject({ log_status: 'complete', run: null, output: null });
});

test('States: an abandoned log cannot be continued', async () => {
  const log = await called([asking, { content: 'Done.' }]);
  await patch(log, 'complete');
  expect((await proceed(log.id)).statusCode).toBe(409);
});

test('States: a suspended log that is changed to incomplete stays suspended', async () => {
  const log = await called([asking, { content: 'Done.' }]);
  await patch(log, 'incomplete');
  expect((await proceed(log.id)).body.output).toBe('Done.');
});

test.each(['complete', 'incomplete', null])(
  'States: a log that is made with `log_status: %s` has that status',
  async (log_status) => {
    expect((await logged({ log_status })).log_status).toBe(log_status);
  },
);

test('States: a log that is made without `log_status` has none', async () => {
  expect((await logged()).log_status).toBeNull();
});

test.each(['incomplete', null])(
  'States: a log with status %s can be changed to complete',
  async (before) => {
    const log = await logged({ log_status: before });
    expect((await patch(log, 'complete')).statusCode).toBe(200);
    expect((await logOf(log.id)).log_status).toBe('complete');
  },
);

describe('States: a complete log', () => {
  const makers = [
    { name: 'logged', make: () => logged({ log_status: 'complete' }) },
    { name: 'called', make: () => called([{ content: 'Hi.' }]) },
    {
      name: 'continued',
      make: async () => (await proceed((await called([asking, { content: 'Done.' }])).id)).body,
    },
  ];

  test.each(makers)('that was $name cannot be made incomplete', async ({ make }) => {
    const log = await make();
    expect(await patch(log, 'incomplete')).toMatchObject({
      statusCode: 409,
      body: { code: 'log_complete' },
    });
    expect((await logOf(log.id)).log_status).toBe('complete');
  });

  test.each(makers)('that was $name takes no log below it', async ({ make }) => {
    const { id } = await make();
    const late = await api.post('/agents/log', {
      path: 'agent',
      agent: scripted([]),
      trace_parent_id: id,
    });
    expect(late).toMatchObject({ statusCode: 409, body: { code: 'trace_complete' } });
  });
});

test.each(['incomplete', null])(
  'States: a log with status %s takes a log below it',
  async (log_status) => {
    const { id } = await logged({ log_status });
    expect((await logged({ trace_parent_id: id })).trace_parent_id).toBe(id);
  },
);

test('States: a suspended log takes a log below it', async () => {
  const { id } = await called([asking]);
  expect((await logged({ trace_parent_id: id })).trace_parent_id).toBe(id);
});

test('States: a log that was completed and continued at once is either, never both', async () => {
  const log = await called([asking, { content: 'Done.', delay_ms: 50 }]);
  const [completed, continued] = await Promise.all([patch(log, 'complete'), proceed(log.id)]);
  expect([completed.statusCode, continued.statusCode].toSorted()).toEqual([200, 409]);
  const { output, log_status } = await logOf(log.id);
  expect({ output, log_status }).toEqual({
    output: continued.statusCode === 200 ? 'Done.' : null,
    log_status: 'complete',
  });
});
