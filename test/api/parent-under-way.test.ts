import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { gates, heldModel } from '../support/held-model.ts';

const model = heldModel();
const api = await testApp({ providers: { mock: model.provider } });

async function agentAt(path: string, script: readonly Record<string, unknown>[]) {
  return (await api.post('/agents', { path, ...scripted(script) })).body.id as string;
}

test('a child run cannot be continued while its parent still runs other tools', async () => {
  const gate = gates();
  model.before = (text, signal) => (text === 'hold' ? gate.wait(text, signal) : undefined);
  const waiting = await agentAt('under-way/Waiting', [
    { tool_calls: [callOf('lookup')] },
    { content: 'Looked up.' },
  ]);
  const slow = await agentAt('under-way/Slow', [{ content: 'Slept.' }]);
  const calls = [callOf('waiting', { message: 'x' }), callOf('slow', { message: 'hold' })];
  const calling = api.post('/agents/call', {
    path: 'under-way/Outer',
    log_id: 'under-way-outer',
    agent: scripted([{ tool_calls: calls }, { content: 'Done.' }], {
      tools: [waiting, slow].map((id) => ({ type: 'file', link: { file_id: id } })),
    }),
    messages: hello,
  });
  const child = await suspendedBelow('under-way-outer');
  await expect.poll(() => gate.waiting.length).toBe(1);
  const going = { log_id: child, messages: [answerTo('call_1_1', 'found')] };
  const refused = await api.post('/agents/continue', going);
  expect(refused.statusCode).toBe(409);
  expect(refused.body).toMatchObject({
    code: 'parent_under_way',
    detail: expect.stringContaining('`under-way-outer`, is still running other tools'),
  });

  gate.open();
  expect((await calling).body.log_status).toBe('incomplete');
  expect((await api.post('/agents/continue', going)).body.output).toBe('Looked up.');
  await expect
    .poll(async () => (await api.get('/logs/under-way-outer')).body.output, { timeout: 10_000 })
    .toBe('Done.');
});

/** The id of the suspended run below a log, when there is one. */
async function suspendedBelow(logId: string): Promise<string> {
  const find = async () => {
    const { rows } = await api.database.pool.query<{ log_id: string }>(
      `SELECT log_id FROM run WHERE parent_log_id = $1 AND state = 'suspended'`,
      [logId],
    );
    return rows[0]?.log_id;
  };
  await expect.poll(find, { timeout: 10_000 }).toBeDefined();
  return (await find()) as string;
}
