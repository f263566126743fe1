import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { agentVersions } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

test('B9: the answer is the agent in the version that is deployed by default', async () => {
  const [deployed] = await agentVersions(api, 'shown', 'm1', 'm2');
  expect(await api.get(`/agents/${deployed.id}`)).toMatchObject({
    statusCode: 200,
    body: { type: 'agent', id: deployed.id, version_id: deployed.version_id, model: 'm1' },
  });
});

test('B9: `raw_file_content` is there, and null', async () => {
  const [agent] = await agentVersions(api, 'raw', 'm');
  expect((await api.get(`/agents/${agent.id}`)).body).toHaveProperty('raw_file_content', null);
});

test('B9: an unknown agent is not found', async () => {
  expectRefusal(await api.get('/agents/ag_none'), 404);
});

test('B10: deleting answers 204 without a body', async () => {
  const [agent] = await agentVersions(api, 'deleted', 'm');
  expect(await api.delete(`/agents/${agent.id}`)).toMatchObject({ statusCode: 204, body: '' });
});

test('B10: an unknown agent is not found', async () => {
  expectRefusal(await api.delete('/agents/ag_none'), 404);
});

test('B10: a deleted agent is not found again', async () => {
  const [agent] = await agentVersions(api, 'deleted twice', 'm');
  await api.delete(`/agents/${agent.id}`);
  expectRefusal(await api.delete(`/agents/${agent.id}`), 404);
});

/** A deleted agent, with a run of it that waited for its client. */
async function deleted(path: string) {
  const agent = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
  const { body: log } = await api.post('/agents/call', { path, agent, messages: hello });
  const { id, version_id: versionId } = log.agent;
  await api.delete(`/agents/${id}`);
  return { id, versionId, logId: log.id };
}

const gone = await deleted('gone');

test.each([
  ['the agent', () => api.get(`/agents/${gone.id}`)],
  ['its versions', () => api.get(`/agents/${gone.id}/versions`)],
  ['one of its versions', () => api.get(`/agents/${gone.id}?version_id=${gone.versionId}`)],
  ['its environments', () => api.get(`/agents/${gone.id}/environments`)],
  ['its text', () => api.get(`/agents/${gone.id}/serialize`)],
  ['a log', () => api.get(`/logs/${gone.logId}`)],
  ['a list of its logs', () => api.get(`/logs?file_id=${gone.id}`)],
  [
    'a change of a log',
    () => api.patch(`/agents/${gone.id}/log/${gone.logId}`, { log_status: 'complete' }),
  ],
  ['a call', () => api.post('/agents/call', { id: gone.id, messages: hello })],
  ['a call by its path', () => api.post('/agents/call', { path: 'gone', messages: hello })],
  ['a log to it', () => api.post('/agents/log', { id: gone.id })],
  ['an upsert by its id', () => api.post('/agents', { id: gone.id, model: 'm' })],
  ['a move', () => api.patch(`/agents/${gone.id}`, { name: 'x' })],
  [
    'a continue',
    () =>
      api.post('/agents/continue', {
        log_id: gone.logId,
        messages: [answerTo('call_1_1', 'x')],
      }),
  ],
])('B10: once an agent is deleted, %s is not found', async (_, ask) => {
  expectRefusal(await ask(), 404);
});

test('B10: the path of a deleted agent is free at once, for an agent of its own', async () => {
  const before = await deleted('again');
  const [agent] = await agentVersions(api, 'again', 'm');
  expect(agent.id).not.toBe(before.id);
  expect((await api.get(`/agents/${agent.id}/versions`)).body.records).toHaveLength(1);
});

test('B10: a link to a deleted agent breaks: its call is a tool error, and the run goes on', async () => {
  const { body: linked } = await api.post('/agents', {
    path: 'linked/Inner',
    ...scripted([{ content: 'From within.' }]),
  });
  const { body: outer } = await api.post('/agents', {
    path: 'outer',
    ...scripted(
      [{ tool_calls: [callOf('inner', { message: 'Go on.' })] }, { content: 'Never mind.' }],
      { tools: [{ type: 'file', link: { file_id: linked.id } }] },
    ),
  });
  await api.delete(`/agents/${linked.id}`);
  const { body } = await api.post('/agents/call', { id: outer.id, messages: hello });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Never mind.', error: null });
  expect(body.messages.at(-1)).toMatchObject({
    role: 'tool',
    tool_call_id: 'call_1_1',
    content: expect.stringMatching(/^Error: /),
  });
});

test('B10: an agent whose link is broken can be read', async () => {
  const [linked] = await agentVersions(api, 'linked/gone', 'm');
  const { body: outer } = await api.post('/agents', {
    path: 'broken',
    model: 'm',
    tools: [{ type: 'file', link: { file_id: linked.id } }],
  });
  await api.delete(`/agents/${linked.id}`);
  const { body } = await api.get(`/agents/${outer.id}`);
  expect(body.tools).toMatchObject([{ type: 'file', link: { file_id: linked.id } }]);
});
