import { describe, expect, test } from 'vitest';
import { hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const spec = scripted([{ content: 'Hi.' }]);
const agent = (await api.post('/agents', { path: 'Banking/Teller', ...spec })).body;
const other = (await api.post('/agents', { path: 'Other', ...spec })).body;

/** Each way to say which file is meant, with the id of the file in its answer. */
const requests = [
  {
    name: 'call',
    send: (file: object) => api.post('/agents/call', { messages: hello, ...file }),
    fileId: (body: { agent: { id: string } }) => body.agent.id,
  },
  {
    name: 'log',
    send: (file: object) => api.post('/agents/log', { output: 'Hi.', ...file }),
    fileId: (body: { agent_id: string }) => body.agent_id,
  },
  {
    name: 'upsert',
    send: (file: object) => api.post('/agents', { ...spec, ...file }),
    fileId: (body: { id: string }) => body.id,
  },
];

/** The same, with all that is needed to make the file where it is missing. */
const makers = [
  { name: 'call', send: (path: string) => requests[0]?.send({ path, agent: spec }) },
  { name: 'log', send: (path: string) => requests[1]?.send({ path, agent: spec }) },
  { name: 'upsert', send: (path: string) => requests[2]?.send({ path }) },
];

describe.each(requests)('in $name', ({ send, fileId }) => {
  test('A1: `id` locates the agent', async () => {
    const { statusCode, body } = await send({ id: agent.id });
    expect({ statusCode, id: fileId(body) }).toEqual({ statusCode: 200, id: agent.id });
  });

  test.each([
    ['folder/name', 'Banking/Teller'],
    ['name', 'Other'],
  ])('A1: `path`, as %s, locates the agent', async (_, path) => {
    const { statusCode, body } = await send({ path });
    const { id } = path === 'Other' ? other : agent;
    expect({ statusCode, id: fileId(body) }).toEqual({ statusCode: 200, id });
  });

  test('A1: without `id` and `path` a request is refused at its body', async () => {
    expectRefusal(await send({}), 422, ['body']);
  });

  test('A1: `id` and `path` of one agent may both be given', async () => {
    const { statusCode, body } = await send({ id: agent.id, path: 'Banking/Teller' });
    expect({ statusCode, id: fileId(body) }).toEqual({ statusCode: 200, id: agent.id });
  });

  test('A1: `id` and `path` of different agents are refused', async () => {
    expectRefusal(await send({ id: agent.id, path: 'Other' }), 422);
  });

  test('A1: `id` and a `path` of no file are refused', async () => {
    expectRefusal(await send({ id: agent.id, path: 'Nowhere' }), 422);
  });

  test('A1: an unknown `id` is not found', async () => {
    expectRefusal(await send({ id: 'ag_none' }), 404);
  });

  test.each(['prompt', 'tool', 'flow', 'evaluator', 'dataset'] as const)(
    'A1: an id of another kind of file, a %s, is not found',
    async (type) => {
      const { id } = await fileOfKind(api, type, `kinds/${type}`);
      expectRefusal(await send({ id }), 404);
    },
  );
});

describe.each(makers)('in $name', ({ name, send }) => {
  test('A1: with inline details an agent that is not there is made at the path', async () => {
    const path = `new/${name}/agent`;
    expect((await send(path))?.statusCode).toBe(200);
    const { body } = await api.get('/agents?size=1');
    expect(body.records).toMatchObject([{ path, name: 'agent', model: 'mock' }]);
  });

  test('A1: a path where a file of another kind is is a conflict', async () => {
    const path = `taken/${name}`;
    await fileOfKind(api, 'prompt', path);
    const answer = await send(path);
    expect(answer).toMatchObject({ statusCode: 409, body: { code: 'path_taken' } });
  });

  test('A1: directories that are missing on the way are made', async () => {
    const top = `made by ${name}`;
    await send(`${top}/a/b/c`);
    const { rows } = await api.database.pool.query(
      'SELECT path FROM directory WHERE path LIKE $1 ORDER BY path',
      [`${top}%`],
    );
    expect(rows.map(({ path }) => path)).toEqual([top, `${top}/a`, `${top}/a/b`]);
  });
});

describe.each(requests.slice(0, 2))('in $name', ({ send }) => {
  test('A1: without inline details an unknown path is not found', async () => {
    expectRefusal(await send({ path: 'Nowhere' }), 404);
  });

  test('A1: without inline details, too, a path of another kind of file is a conflict', async () => {
    await fileOfKind(api, 'prompt', 'a prompt');
    expectRefusal(await send({ path: 'a prompt' }), 409);
  });
});

test('A1: a path is unique in the workspace', async () => {
  const first = await api.post('/agents', { path: 'unique', model: 'm1' });
  const second = await api.post('/agents', { path: 'unique', model: 'm2' });
  expect(second.body.id).toBe(first.body.id);
});

test('A2: white space around a path is trimmed', async () => {
  const { body } = await api.post('/agents', { path: '  trimmed/path \n', model: 'm' });
  expect(body).toMatchObject({ path: 'trimmed/path', name: 'path' });
});

test.each([
  ['is empty', ''],
  ['has an empty segment', 'a//b'],
  ['has a segment of spaces', 'a/ /b'],
  ['has a dot for a segment', 'a/./b'],
  ['has two dots for a segment', 'a/../b'],
  ['begins with a slash', '/a'],
  ['ends with a slash', 'a/'],
  ['has a line break in it', 'a\nb'],
  ['has a control character in it', 'a\u0007b'],
])('A2: a path that %s is refused', async (_, path) => {
  expectRefusal(await api.post('/agents', { path, model: 'm' }), 422, ['body', 'path']);
});

test('A2: spaces and punctuation are legal in a path', async () => {
  const path = 'Banking/Teller Agent, no. 1 (50%) – ünï';
  const { statusCode, body } = await api.post('/agents', { path, model: 'm' });
  expect({ statusCode, path: body.path }).toEqual({ statusCode: 200, path });
});

test('A2: paths are compared case-sensitively', async () => {
  const upper = await api.post('/agents', { path: 'Case/Agent', model: 'm' });
  const lower = await api.post('/agents', { path: 'case/agent', model: 'm' });
  expect(lower.body.id).not.toBe(upper.body.id);
});

test('A2: a segment has 255 characters at most', async () => {
  const longest = await api.post('/agents', { path: `a/${'x'.repeat(255)}`, model: 'm' });
  expect(longest.statusCode).toBe(200);
  const longer = await api.post('/agents', { path: `a/${'x'.repeat(256)}`, model: 'm' });
  expectRefusal(longer, 422, ['body', 'path']);
});
