import { expect, test } from 'vitest';
import { agentSpec } from '../../../src/contract/kinds/agent.ts';
import { lookup, stop } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { agentVersions } from '../../support/files.ts';
import { expectRefusal, rowCounts } from '../../support/refusals.ts';

const api = await testApp();

const text = '---\nmodel: m\ntemperature: 0.5\n---\n<system>\n  You help {{name}}.\n</system>\n';

const deserialize = (agent: unknown) => api.post('/agents/deserialize', { agent });

test('B17: the answer is the text itself, not JSON', async () => {
  const [agent] = await agentVersions(api, 'plain', 'm');
  const { statusCode, headers, body } = await api.get(`/agents/${agent.id}/serialize`);
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(body).toMatch(/^---\nmodel: m\n/);
});

test('B17: the text of an unknown agent is not found', async () => {
  expectRefusal(await api.get('/agents/ag_none/serialize'), 404);
});

test('B17: the text defines the version that it was made of', async () => {
  const { body: agent } = await api.post('/agents', {
    path: 'round',
    model: 'm',
    tools: [lookup, stop],
    max_iterations: 3,
    template: [{ role: 'system', content: 'You help {{name}}.' }],
  });
  const { body: printed } = await api.get(`/agents/${agent.id}/serialize`);
  const { body: log } = await api.post('/agents/log', { path: 'round', agent: printed });
  expect(log.version_id).toBe(agent.version_id);
});

test('B18: the answer is what the text says', async () => {
  expect(await deserialize(text)).toMatchObject({
    statusCode: 200,
    body: {
      model: 'm',
      temperature: 0.5,
      template: [{ role: 'system', content: 'You help {{name}}.' }],
    },
  });
});

test('B18: the answer is the fields that define a version, and no others', async () => {
  const { body } = await deserialize(text);
  expect(Object.keys(body).toSorted()).toEqual(Object.keys(agentSpec.properties).toSorted());
});

test.each([
  ['endpoint', 'chat'],
  ['provider', 'openai'],
  ['template_language', 'default'],
  ['max_tokens', -1],
  ['top_p', 1],
  ['presence_penalty', 0],
  ['frequency_penalty', 0],
  ['other', {}],
  ['tools', []],
])('B18: `%s` that the text does not say is its default: %j', async (field, value) => {
  expect((await deserialize(text)).body[field]).toEqual(value);
});

test('B18: nothing is stored', async () => {
  const before = await rowCounts(api);
  await deserialize(text);
  expect(await rowCounts(api)).toEqual(before);
});

test.each([{}, { agent: null }, { agent: { model: 'm' } }])(
  'B18: `agent`, a text, is required: %j',
  async (body) => {
    expectRefusal(await api.post('/agents/deserialize', body), 422, ['body', 'agent']);
  },
);

test.each([
  ['is empty', ''],
  ['has no model', '---\ntemperature: 0.5\n---\n'],
  ['has a field that is unknown', '---\nmodel: m\nmodle: m\n---\n'],
  ['has a value of another type', '---\nmodel: m\ntemperature: warm\n---\n'],
  ['has a message that is not closed', '---\nmodel: m\n---\n<user>\nHi.'],
  ['is no file', 'Hello'],
])('B18: a text that %s is refused at `body.agent`', async (_, bad) => {
  expectRefusal(await deserialize(bad), 422, ['body', 'agent']);
});
