import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { agentVersions, environmentIds, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

let agents = 0;
let evaluators = 0;

/** A new agent, and how its monitoring is changed. */
async function monitored() {
  const [agent] = await agentVersions(api, `agents/${++agents}`, 'm');
  const update = (body?: object) => api.post(`/agents/${agent.id}/evaluators`, body);
  return { agent, update };
}

/** A new evaluator that a client runs. */
async function evaluator(more: object = {}) {
  const { statusCode, body } = await api.post('/evaluators', {
    path: `evaluators/${++evaluators}`,
    spec: {
      evaluator_type: 'external',
      arguments_type: 'target_free',
      return_type: 'boolean',
      ...more,
    },
  });
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return { body, ofVersion: { evaluator_version_id: body.version_id } };
}

const { production, staging } = await environmentIds(api, (await monitored()).agent.id);

test('B16: the answer is the agent, with its evaluators', async () => {
  const { agent, update } = await monitored();
  const { body: judge, ofVersion } = await evaluator();
  expect(await update({ activate: [ofVersion] })).toMatchObject({
    statusCode: 200,
    body: {
      type: 'agent',
      id: agent.id,
      version_id: agent.version_id,
      evaluators: [{ state: 'active', version: { id: judge.id, type: 'evaluator' } }],
    },
  });
});

test('B16: an item with `evaluator_version_id` means that version', async () => {
  const { update } = await monitored();
  const { body: judge, ofVersion } = await evaluator();
  const { evaluators: monitors } = (await update({ activate: [ofVersion] })).body;
  expect(monitors).toMatchObject([
    {
      version_reference: { type: 'version', version: { version_id: judge.version_id } },
      version: { version_id: judge.version_id },
    },
  ]);
});

test('B16: an item with `evaluator_id` and `environment_id` means what is deployed there', async () => {
  const { update } = await monitored();
  const { body: judge } = await evaluator();
  const item = { evaluator_id: judge.id, environment_id: production };
  const { evaluators: monitors } = (await update({ activate: [item] })).body;
  expect(monitors).toMatchObject([
    {
      version_reference: {
        type: 'environment',
        file: { id: judge.id },
        environment: { id: production, name: 'production', tag: 'default' },
      },
      version: { version_id: judge.version_id },
    },
  ]);
});

test('B16: an item of an environment follows its deployment', async () => {
  const { agent, update } = await monitored();
  const { body: judge } = await evaluator();
  await update({ activate: [{ evaluator_id: judge.id, environment_id: production }] });
  const { body: newer } = await api.post('/evaluators', {
    id: judge.id,
    spec: { ...judge.spec, return_type: 'number' },
  });
  const url = `/evaluators/${judge.id}/environments/${production}`;
  await api.post(`${url}?version_id=${newer.version_id}`);
  const { body } = await api.get(`/agents/${agent.id}`);
  expect(body.evaluators).toMatchObject([{ version: { version_id: newer.version_id } }]);
});

test('B16: each evaluator has the times at which it was activated and changed', async () => {
  const { update } = await monitored();
  const { ofVersion } = await evaluator();
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const { body } = await update({ activate: [ofVersion] });
  expect(body.evaluators).toMatchObject([{ created_at: time, updated_at: time }]);
});

test.each([
  ['an empty body', {}],
  ['no body', undefined],
  ['empty lists', { activate: [], deactivate: [] }],
  ['nulls', { activate: null, deactivate: null }],
])('B16: %s changes nothing, with 200', async (_, body) => {
  const { update } = await monitored();
  expect(await update(body)).toMatchObject({ statusCode: 200, body: { evaluators: [] } });
});

test('B16: activating twice is activating once', async () => {
  const { update } = await monitored();
  const { ofVersion } = await evaluator();
  const first = await update({ activate: [ofVersion] });
  const second = await update({ activate: [ofVersion, ofVersion] });
  expect(second.body.evaluators).toEqual(first.body.evaluators);
});

test('B16: activating twice at once is activating once', async () => {
  const { agent, update } = await monitored();
  const { ofVersion } = await evaluator();
  const answers = await Promise.all([1, 2, 3].map(() => update({ activate: [ofVersion] })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect((await api.get(`/agents/${agent.id}`)).body.evaluators).toHaveLength(1);
});

test('B16: an evaluator that was deactivated stays listed, as inactive', async () => {
  const { update } = await monitored();
  const { body: judge, ofVersion } = await evaluator();
  await update({ activate: [ofVersion] });
  const { body } = await update({ deactivate: [ofVersion] });
  expect(body.evaluators).toMatchObject([{ state: 'inactive', version: { id: judge.id } }]);
});

test('B16: an evaluator may be activated again', async () => {
  const { update } = await monitored();
  const { ofVersion } = await evaluator();
  await update({ activate: [ofVersion] });
  await update({ deactivate: [ofVersion] });
  expect((await update({ activate: [ofVersion] })).body.evaluators).toMatchObject([
    { state: 'active' },
  ]);
});

test('B16: deactivating what is not active changes nothing, with 200', async () => {
  const { update } = await monitored();
  const { ofVersion } = await evaluator();
  expect(await update({ deactivate: [ofVersion] })).toMatchObject({
    statusCode: 200,
    body: { evaluators: [] },
  });
});

test('B16: one request may activate some and deactivate others', async () => {
  const { update } = await monitored();
  const [one, two] = [await evaluator(), await evaluator()];
  await update({ activate: [one.ofVersion] });
  const { body } = await update({ activate: [two.ofVersion], deactivate: [one.ofVersion] });
  expect(body.evaluators).toMatchObject([
    { state: 'inactive', version: { id: one.body.id } },
    { state: 'active', version: { id: two.body.id } },
  ]);
});

test('B16: an evaluator that needs a target is refused', async () => {
  const { update } = await monitored();
  const { ofVersion } = await evaluator({ arguments_type: 'target_required' });
  expectRefusal(await update({ activate: [ofVersion] }), 422, ['body', 'activate', 0]);
});

describe('what is unknown', () => {
  const items = [
    ['an unknown version', async () => ({ evaluator_version_id: 'evv_none' })],
    ['an unknown evaluator', async () => ({ evaluator_id: 'ev_none', environment_id: production })],
    [
      'an unknown environment',
      async () => ({ evaluator_id: (await evaluator()).body.id, environment_id: 'env_none' }),
    ],
    [
      'a version of another kind of file',
      async () => ({
        evaluator_version_id: (await fileOfKind(api, 'prompt', 'prompt')).versionId,
      }),
    ],
    [
      'a file of another kind',
      async () => ({
        evaluator_id: (await fileOfKind(api, 'prompt', 'prompt')).id,
        environment_id: production,
      }),
    ],
  ] as const;

  test.each(items)('B16: to activate, is not found: %s', async (_, item) => {
    const { update } = await monitored();
    expectRefusal(await update({ activate: [await item()] }), 404);
  });

  test.each(items)('B16: to deactivate, is not found: %s', async (_, item) => {
    const { update } = await monitored();
    expectRefusal(await update({ deactivate: [await item()] }), 404);
  });

  test('B16: an agent, is not found', async () => {
    expectRefusal(await api.post('/agents/ag_none/evaluators', {}), 404);
  });
});

test('B16: a request that is refused changes nothing', async () => {
  const { agent, update } = await monitored();
  const { ofVersion } = await evaluator();
  await update({ activate: [ofVersion, { evaluator_version_id: 'evv_none' }] });
  expect((await api.get(`/agents/${agent.id}`)).body.evaluators).toEqual([]);
});

test.each([
  ['neither form', {}],
  ['half of a form', { evaluator_id: 'ev_1' }],
])('B16: an item that has %s is refused', async (_, item) => {
  const { update } = await monitored();
  expect((await update({ activate: [item] })).statusCode).toBe(422);
});

test('B16: an evaluator may be followed where none is deployed yet', async () => {
  const { update } = await monitored();
  const { body: judge } = await evaluator();
  const item = { evaluator_id: judge.id, environment_id: staging };
  expect(await update({ activate: [item] })).toMatchObject({
    statusCode: 200,
    body: { evaluators: [{ state: 'active', version_reference: { file: { id: judge.id } } }] },
  });
});

describe('the evaluators of an agent', () => {
  test.each([
    ['get', async (id: string) => (await api.get(`/agents/${id}`)).body],
    ['list', async () => (await api.get('/agents?size=1')).body.records[0]],
    ['versions', async (id: string) => (await api.get(`/agents/${id}/versions`)).body.records[0]],
  ])('B16: are shown by %s', async (_, shown) => {
    const { agent, update } = await monitored();
    const { body: judge, ofVersion } = await evaluator();
    await update({ activate: [ofVersion] });
    expect((await shown(agent.id)).evaluators).toMatchObject([
      { state: 'active', version: { id: judge.id } },
    ]);
  });

  test('B16: stay when a new version of the agent is made', async () => {
    const { agent, update } = await monitored();
    const { body: judge, ofVersion } = await evaluator();
    await update({ activate: [ofVersion] });
    const { body } = await api.post('/agents', { id: agent.id, model: 'other' });
    expect(body.evaluators).toMatchObject([{ state: 'active', version: { id: judge.id } }]);
  });
});
