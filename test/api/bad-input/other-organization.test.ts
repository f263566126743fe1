import { afterEach, expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { addOrganization, rowsOf } from '../../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../../support/refusals.ts';

const api = await testApp();
const their = await addOrganization(api, 'the-key-of-the-others');

/** Sends a request with the other organization's key. */
async function asThem(method: 'GET' | 'POST', url: string, body?: object) {
  const headers = { 'x-api-key': their.apiKey };
  const answer = await send(api, method, `/v5${url}`, body && JSON.stringify(body), headers);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const agentSpec = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
const theirAgent = await asThem('POST', '/agents', { path: 'shared/name', ...agentSpec });
const theirRun = await asThem('POST', '/agents/call', { id: theirAgent.id, messages: hello });
const theirLog = await asThem('POST', '/agents/log', {
  id: theirAgent.id,
  log_id: 'theirs',
  log_status: 'incomplete',
  output: 'a secret of theirs',
});
const [theirEnvironment] = theirAgent.environments;
const theirCall = theirRun.previous_agent_message.tool_calls[0];
const theirRows = await rowsOf(api, their.organizationId);

const ours = (await api.post('/agents', { path: 'ours/agent', ...agentSpec })).body;
const ourLog = (await api.post('/agents/log', { id: ours.id })).body;

const deployment = (file: string, environment: string, version = '') =>
  `/agents/${file}/environments/${environment}?version_id=${version}`;

afterEach(async () => {
  expect(await rowsOf(api, their.organizationId)).toEqual(theirRows);
});

test.each([
  ['get an agent', 'GET', `/agents/${theirAgent.id}`],
  ['get a version', 'GET', `/agents/${ours.id}?version_id=${theirAgent.version_id}`],
  ['get from an environment', 'GET', `/agents/${ours.id}?environment=only-theirs`],
  ['list versions', 'GET', `/agents/${theirAgent.id}/versions`],
  ['list environments', 'GET', `/agents/${theirAgent.id}/environments`],
  ['delete an agent', 'DELETE', `/agents/${theirAgent.id}`],
  ['delete a version', 'DELETE', `/agents/${theirAgent.id}/versions/${theirAgent.version_id}`],
  ['delete as ours', 'DELETE', `/agents/${ours.id}/versions/${theirAgent.version_id}`],
  ['deploy', 'POST', deployment(theirAgent.id, theirEnvironment.id, theirAgent.version_id)],
  ['deploy ours to theirs', 'POST', deployment(ours.id, theirEnvironment.id, ours.version_id)],
  ['take a deployment away', 'DELETE', deployment(ours.id, theirEnvironment.id)],
  ['list logs', 'GET', `/logs?file_id=${theirAgent.id}`],
  ['get a log', 'GET', `/logs/${theirLog.id}`],
  ['get the log of a run', 'GET', `/logs/${theirRun.id}`],
  ['delete a log', 'DELETE', `/logs?id=${theirLog.id}`],
  ['delete a log beside one of ours', 'DELETE', `/logs?id=${ourLog.id}&id=${theirLog.id}`],
] as const)('another organization’s rows are not there: %s', async (_, method, url) => {
  const before = await rowCounts(api);
  expectRefusal(await send(api, method, `/v5${url}`), 404);
  expect(await rowCounts(api)).toEqual(before);
});

const link = { file_id: theirAgent.id };
const follow = { file_id: ours.id, environment_id: theirEnvironment.id };

test.each([
  ['move', 'PATCH', `/agents/${theirAgent.id}`, { name: 'mine' }],
  ['move there', 'PATCH', `/agents/${ours.id}`, { directory_id: theirAgent.directory_id }],
  [
    'name a version',
    'PATCH',
    `/agents/${theirAgent.id}/versions/${theirAgent.version_id}`,
    { name: 'mine' },
  ],
  ['upsert', 'POST', '/agents', { id: theirAgent.id, model: 'm' }],
  ['link', 'POST', '/agents', { path: 'x', model: 'm', tools: [{ type: 'file', link }] }],
  [
    'follow an environment',
    'POST',
    '/agents',
    { path: 'x', model: 'm', tools: [{ type: 'file', link: follow }] },
  ],
  ['call', 'POST', '/agents/call', { id: theirAgent.id, messages: hello }],
  ['call by path', 'POST', '/agents/call', { path: 'shared/name', messages: hello }],
  [
    'call a version',
    'POST',
    `/agents/call?version_id=${theirAgent.version_id}`,
    { id: ours.id, messages: hello },
  ],
  [
    'call below a log',
    'POST',
    '/agents/call',
    { id: ours.id, messages: hello, trace_parent_id: theirLog.id },
  ],
  [
    'call a new agent below a log',
    'POST',
    '/agents/call',
    { path: 'x', agent: agentSpec, messages: hello, trace_parent_id: theirLog.id },
  ],
  [
    'continue',
    'POST',
    '/agents/continue',
    { log_id: theirRun.id, messages: [answerTo(theirCall.id, '42')] },
  ],
  ['log', 'POST', '/agents/log', { id: theirAgent.id }],
  ['log below a log', 'POST', '/agents/log', { id: ours.id, trace_parent_id: theirRun.id }],
  ['change a log', 'PATCH', `/agents/${theirAgent.id}/log/${theirLog.id}`, { output: 'x' }],
  [
    'change a log of a file of ours',
    'PATCH',
    `/agents/${ours.id}/log/${theirLog.id}`,
    { output: 'x' },
  ],
] as const)('another organization’s rows cannot be reached: %s', async (_, method, url, body) => {
  const before = await rowCounts(api);
  expectRefusal(await send(api, method, `/v5${url}`, JSON.stringify(body)), 404);
  expect(await rowCounts(api)).toEqual(before);
});

test('lists show nothing of another organization', async () => {
  const { body } = await api.get('/agents?size=1000&name=name');
  expect(body).toMatchObject({ records: [], total: 0 });
  const everything = await api.get('/agents?size=1000&user_filter=other@example.com');
  expect(everything.body.total).toBe(0);
});

test('paths and ids of logs are each organization’s own', async () => {
  const { body: agent } = await api.post('/agents', { path: 'shared/name', ...agentSpec });
  expect(agent.id).not.toBe(theirAgent.id);
  const log = await api.post('/agents/log', { id: agent.id, log_id: 'theirs', output: 'of ours' });
  expect(log.body).toMatchObject({ id: 'theirs', agent_id: agent.id });
  expect((await api.get('/logs/theirs')).body.output).toBe('of ours');
  expect(await asThem('GET', '/logs/theirs')).toMatchObject({ output: 'a secret of theirs' });
});
