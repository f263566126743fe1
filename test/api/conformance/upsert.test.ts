import { describe, expect, test } from 'vitest';
import { lookup } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { agentVersions, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const upsert = (body: object) => api.post('/agents', body);

test('B6: with a `path` an agent is made, with 200', async () => {
  expect(await upsert({ path: 'made', model: 'm' })).toMatchObject({
    statusCode: 200,
    body: { path: 'made', name: 'made', type: 'agent', model: 'm' },
  });
});

test('B6: with a `path` an agent that is there is changed, with 200', async () => {
  const [agent] = await agentVersions(api, 'changed', 'm1');
  expect(await upsert({ path: 'changed', model: 'm2' })).toMatchObject({
    statusCode: 200,
    body: { id: agent.id, model: 'm2' },
  });
});

test('B6: with an `id` that agent is changed, with 200', async () => {
  const [agent] = await agentVersions(api, 'by id', 'm1');
  expect(await upsert({ id: agent.id, model: 'm2' })).toMatchObject({
    statusCode: 200,
    body: { id: agent.id, path: 'by id', model: 'm2' },
  });
});

test.each([{ path: 'no model' }, { path: 'no model', model: null }])(
  'B6: without `model` an upsert is refused: %j',
  async (body) => {
    expectRefusal(await upsert(body), 422, ['body', 'model']);
  },
);

test('B6: without `model` even an agent that is there cannot be changed', async () => {
  const [agent] = await agentVersions(api, 'needs a model', 'm');
  expectRefusal(await upsert({ id: agent.id, temperature: 0.5 }), 422, ['body', 'model']);
});

test('B6: `path` and `model` are enough; the template is null then', async () => {
  const { statusCode, body } = await upsert({ path: 'least', model: 'm' });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ template: null, inputs: [], version_name: null, description: null });
});

test.each([
  ['version_name', 'v1'],
  ['version_description', 'The first.'],
  ['description', 'Helps.'],
  ['tags', ['bank', 'help']],
  ['readme', '# Read me'],
])('B6: `%s` is kept: %j', async (field, value) => {
  const { body } = await upsert({ path: `kept/${field}`, model: 'm', [field]: value });
  expect(body[field]).toEqual(value);
  expect((await api.get(`/agents/${body.id}`)).body[field]).toEqual(value);
});

describe.each([
  ['description', 'Old.', 'New.'],
  ['tags', ['old'], ['new', 'tags']],
  ['readme', '# Old', '# New'],
])('`%s`', (field, old, newer) => {
  test('B6: belongs to the file: other versions show it too', async () => {
    const path = `of the file/${field}`;
    const [first] = await agentVersions(api, path, 'm1');
    await upsert({ path, model: 'm2', [field]: newer });
    const { body } = await api.get(`/agents/${first.id}?version_id=${first.version_id}`);
    expect(body[field]).toEqual(newer);
  });

  test('B6: is updated in place when it is given', async () => {
    const path = `updated/${field}`;
    const { body: before } = await upsert({ path, model: 'm', [field]: old });
    const { body } = await upsert({ path, model: 'm', [field]: newer });
    expect(body).toMatchObject({ version_id: before.version_id, [field]: newer });
  });

  test('B6: stays as it is when it is not given', async () => {
    const path = `untouched/${field}`;
    await upsert({ path, model: 'm1', [field]: old });
    expect((await upsert({ path, model: 'm2' })).body[field]).toEqual(old);
    expect((await upsert({ path, model: 'm2', [field]: null })).body[field]).toEqual(old);
  });
});

test('B6: `version_name` and `version_description` belong to the version', async () => {
  await upsert({ path: 'of v', model: 'm1', version_name: 'v1', version_description: 'First.' });
  const { body } = await upsert({ path: 'of v', model: 'm2' });
  expect(body).toMatchObject({ version_name: null, version_description: null });
});

test('B6: a version name that another version has is a conflict', async () => {
  await upsert({ path: 'clash', model: 'm1', version_name: 'v1' });
  expectRefusal(await upsert({ path: 'clash', model: 'm2', version_name: 'v1' }), 409);
});

test('B6: the version that was made is returned, though another one is deployed', async () => {
  const [first, second] = await agentVersions(api, 'returned/made', 'm1', 'm2');
  expect(second.version_id).not.toBe(first.version_id);
  expect(second).toMatchObject({ model: 'm2', environments: [] });
});

test('B6: the version that was matched is returned, though another one is deployed', async () => {
  const [, second] = await agentVersions(api, 'returned/matched', 'm1', 'm2');
  const { body } = await upsert({ path: 'returned/matched', model: 'm2' });
  expect(body.version_id).toBe(second.version_id);
});

describe('a tool that is a link', () => {
  const linking = (link: object) => ({
    path: 'linking',
    model: 'm',
    tools: [{ type: 'file', link }],
  });

  test('B6: to an unknown file is not found', async () => {
    expectRefusal(await upsert(linking({ file_id: 'pr_none' })), 404);
  });

  test('B6: to an unknown version is not found', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'linked/prompt');
    expectRefusal(await upsert(linking({ file_id: id, version_id: 'prv_none' })), 404);
  });

  test('B6: to a version of another file is not found', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'linked/prompt');
    const other = await fileOfKind(api, 'prompt', 'linked/other');
    expectRefusal(await upsert(linking({ file_id: id, version_id: other.versionId })), 404);
  });

  test('B6: to an unknown environment is not found', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'linked/prompt');
    expectRefusal(await upsert(linking({ file_id: id, environment_id: 'env_none' })), 404);
  });

  test('B6: to both a version and an environment is refused', async () => {
    const { id, versionId, environments } = await fileOfKind(api, 'prompt', 'linked/prompt');
    const both = { version_id: versionId, environment_id: environments[0]?.id };
    expectRefusal(await upsert(linking({ file_id: id, ...both })), 422);
  });

  test('B6: to a dataset is refused', async () => {
    const { id } = await fileOfKind(api, 'dataset', 'linked/dataset');
    expectRefusal(await upsert(linking({ file_id: id })), 422);
  });

  test.each(['prompt', 'tool', 'flow', 'evaluator', 'agent'] as const)(
    'B6: may be to a %s, and shows it',
    async (type) => {
      const { id } = await fileOfKind(api, type, `linked/may be/${type}`);
      const { statusCode, body } = await upsert(linking({ file_id: id }));
      expect(statusCode).toBe(200);
      expect(body.tools).toMatchObject([{ link: { file_id: id }, file: { id, type } }]);
    },
  );
});

test('B6: two inline tools of one name are refused', async () => {
  const answer = await upsert({ path: 'twins', model: 'm', tools: [lookup, lookup] });
  expect(answer.statusCode).toBe(422);
});
