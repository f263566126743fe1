import { describe, expect, test } from 'vitest';
import { hello, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { environmentIds } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

/** An agent that says its own name; of the names, the first is the one that is deployed. */
async function versionsNamed(path: string, ...names: string[]): Promise<Answer['body'][]> {
  const versions = [];
  for (const name of names) {
    const { body } = await api.post('/agents', { path, ...scripted([{ content: name }]) });
    versions.push(body);
  }
  return versions;
}

const [deployed, staged, newest] = await versionsNamed('agent', 'deployed', 'staged', 'newest');
const [foreign] = await versionsNamed('foreign', 'foreign');
const environments = await environmentIds(api, deployed.id);
await api.post(
  `/agents/${deployed.id}/environments/${environments.staging}?version_id=${staged.version_id}`,
);
const [bare, bareNewest] = await versionsNamed('nothing deployed', 'old', 'new');
await api.delete(`/agents/${bare.id}/environments/${environments.production}`);

const nameOf = (version: Answer['body']) => version.other.script[0].content;

/** Each way to pick a version of an agent, with the name of what was picked. */
const ways = [
  {
    name: 'get',
    pick: (query: string, id = deployed.id) => api.get(`/agents/${id}${query}`),
    picked: async (body: Answer['body']) => nameOf(body),
  },
  {
    name: 'serialize',
    pick: (query: string, id = deployed.id) => api.get(`/agents/${id}/serialize${query}`),
    picked: async (body: Answer['body']) => /"content": "(.+?)"/.exec(body)?.[1],
  },
  {
    name: 'log',
    pick: (query: string, id = deployed.id) => api.post(`/agents/log${query}`, { id }),
    picked: async (body: Answer['body']) => nameOf((await api.get(`/logs/${body.id}`)).body.agent),
  },
  {
    name: 'call',
    pick: (query: string, id = deployed.id) =>
      api.post(`/agents/call${query}`, { id, messages: hello }),
    picked: async (body: Answer['body']) => body.output,
  },
];

describe.each(ways)('in $name', ({ pick, picked }) => {
  test.each([
    ['`version_id` picks that version', `?version_id=${newest.version_id}`, 'newest'],
    ['`environment`, a name, picks what is deployed there', '?environment=staging', 'staged'],
    ['without either, the default environment decides', '', 'deployed'],
  ])('A3: %s', async (_, query, name) => {
    const { statusCode, body } = await pick(query);
    expect({ statusCode, picked: await picked(body) }).toEqual({ statusCode: 200, picked: name });
  });

  test('A3: `version_id` and `environment` together are refused', async () => {
    const query = `?version_id=${newest.version_id}&environment=staging`;
    expectRefusal(await pick(query), 422, ['query']);
  });

  test('A3: an unknown `version_id` is not found', async () => {
    expectRefusal(await pick('?version_id=agv_none'), 404);
  });

  test('A3: a version of another agent is not found', async () => {
    expectRefusal(await pick(`?version_id=${foreign.version_id}`), 404);
  });

  test('A3: an unknown environment is not found, in the words that clients look for', async () => {
    const answer = await pick('?environment=nowhere');
    expectRefusal(answer, 404);
    expect(answer.body.detail).toBe('Environment `nowhere` does not exist');
  });

  test('A3: an environment where nothing is deployed is not found', async () => {
    const answer = await pick('?environment=development');
    expectRefusal(answer, 404);
    expect(answer.body.code).toBe('nothing_deployed');
  });
});

describe.each(ways.slice(0, 2))('in $name', ({ pick, picked }) => {
  test('A3: when nothing is deployed by default, the newest version is shown', async () => {
    const { body } = await pick('', bare.id);
    expect(await picked(body)).toBe(nameOf(bareNewest));
  });
});

describe.each(ways.slice(2))('in $name', ({ name, pick }) => {
  const withInline = (query: string, body: object) =>
    api.post(`/agents/${name}${query}`, { messages: hello, ...body });

  test('A3: when nothing is deployed by default, nothing is found', async () => {
    const answer = await pick('', bare.id);
    expectRefusal(answer, 404);
    expect(answer.body.code).toBe('nothing_deployed');
  });

  test('A3: inline details need no deployment', async () => {
    const { statusCode } = await withInline('', {
      id: bare.id,
      agent: scripted([{ content: 'x' }]),
    });
    expect(statusCode).toBe(200);
  });

  test('A3: inline `agent` finds the version that it defines', async () => {
    const { body } = await withInline('', {
      id: deployed.id,
      agent: scripted([{ content: 'staged' }]),
    });
    expect(body.version_id ?? body.agent.version_id).toBe(staged.version_id);
  });

  test.each([
    ['version_id', `?version_id=${newest.version_id}`],
    ['environment', '?environment=staging'],
  ])('A3: inline `agent` together with `%s` is refused', async (_, query) => {
    const agent = scripted([{ content: 'x' }]);
    expectRefusal(await withInline(query, { id: deployed.id, agent }), 422, ['query']);
  });

  /** The log of a call or log with such an environment in its query and its body. */
  async function logWith(query: string, environment?: string) {
    const { body } = await withInline(query, { id: deployed.id, environment });
    return (await api.get(`/logs/${body.id}`)).body;
  }

  test('A3: `environment` in the body is a label, and picks nothing', async () => {
    const log = await logWith('', 'staging');
    expect(log.environment).toBe('staging');
    expect(log.agent.version_id).toBe(deployed.version_id);
  });

  test('A3: `environment` in the body may be of no environment', async () => {
    expect((await logWith('', 'canary')).environment).toBe('canary');
  });

  test('A3: without a label, the log notes the environment of the query', async () => {
    expect((await logWith('?environment=staging')).environment).toBe('staging');
  });

  test('A3: of both, the query picks and the body labels', async () => {
    const log = await logWith('?environment=staging', 'canary');
    expect(log.environment).toBe('canary');
    expect(log.agent.version_id).toBe(staged.version_id);
  });

  test('A3: with neither, the log has no environment', async () => {
    expect((await logWith('')).environment).toBeNull();
  });
});
