import { describe, expect, test } from 'vitest';
import { promptKind } from '../../../src/files/kinds/prompt.ts';
import { upsertVersion } from '../../../src/files/upsert-version.ts';
import { callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { expectRefusal, rowCounts } from '../../support/refusals.ts';
import type { Schema } from '../../support/schema-places.ts';
import { publishedDocument, sendRequest, validRequests } from '../../support/valid-requests.ts';

const api = await testApp();

const agentSpec = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
const agent = (await api.post('/agents', { path: 'target/agent', ...agentSpec })).body;
const other = (await api.post('/agents', { path: 'target/other', model: 'm' })).body;
const run = (await api.post('/agents/call', { id: agent.id, messages: hello })).body;
const closed = (await api.post('/agents/log', { id: agent.id, log_status: 'complete' })).body;
const prompt = await upsertVersion(api.workspace, promptKind, {
  path: 'target/prompt',
  spec: { model: 'm' },
});

const everything = await makeEverything(api, 'Targets');

/** Every request that names a place in its body. */
const withPath = validRequests(await publishedDocument(api), everything).filter(
  ({ body }) => !Array.isArray(body) && 'path' in Object(body),
);

/** Expects a refusal, and that nothing came of the request. */
async function refused(
  request: () => Promise<Answer>,
  status: number,
  ...locs: (string | number)[][]
): Promise<Answer> {
  const before = await rowCounts(api);
  const answer = await request();
  expectRefusal(answer, status, ...locs);
  expect(await rowCounts(api)).toEqual(before);
  return answer;
}

describe('a path', () => {
  test.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['/a', 'begin or end'],
    ['a/', 'begin or end'],
    ['/', 'begin or end'],
    ['a//b', 'empty segments'],
    ['a/ /b', 'empty segments'],
    ['.', '`.`'],
    ['..', '`..`'],
    ['a/../b', '`..`'],
    ['./a', '`.`'],
    ['a\tb', 'control characters'],
    ['a/b\nc', 'control characters'],
    ['a\u007f', 'control characters'],
    ['a\u0085b', 'control characters'],
    ['x/a\u202eb', 'U+202E after `x/a`'],
    ['x/\u3164', 'U+3164 after `x/`'],
  ])('like %j is refused wherever one is given, for a reason', async (path, reason) => {
    const before = await rowCounts(api);
    for (const request of withPath) {
      const answer = await sendRequest(api, {
        ...request,
        body: { ...Object(request.body), path },
      });
      expectRefusal(answer, 422, ['body', 'path']);
      expect(answer.body.detail[0].msg).toContain(reason);
    }
    expect(await rowCounts(api)).toEqual(before);
  });

  test('that is too long, or has too many segments, is refused', async () => {
    const paths = ['x'.repeat(256), `a/${'x'.repeat(5_000)}`, 'a/'.repeat(100).concat('a')];
    for (const path of [...paths, Array(20).fill('é'.repeat(100)).join('/')]) {
      await refused(() => api.post('/agents', { path, model: 'm' }), 422, ['body', 'path']);
    }
  });

  test('may have spaces, signs and letters of any script', async () => {
    for (const path of [
      'Banking/Teller Agent',
      `it's "fine" (50%)`,
      'ünï/こんにちは/😀',
      'a..b/…',
    ]) {
      expect((await api.post('/agents', { path, model: 'm' })).body.path).toBe(path);
      expect((await api.post('/agents/log', { path })).statusCode).toBe(200);
    }
  });
});

/** Requests that say in their body which file they are about: to store, run or log a version of it. */
const writes = withPath.filter(({ route }) => {
  const content = route.operation.requestBody?.content?.['application/json'];
  const { properties = {} } = (content?.schema ?? {}) as Schema;
  return route.method === 'POST' && 'id' in properties;
});

describe.each(writes)('$name', (request) => {
  const { path, ...body } = Object(request.body);
  const own = everything.files[request.type ?? 'agent'];
  const asked = (which: object) => () =>
    sendRequest(api, { ...request, body: { ...body, ...which } });

  test('needs to be told which file, and one alone', async () => {
    await refused(asked({}), 422, ['body']);
    await refused(asked({ id: null, path: null }), 422, ['body']);
    await refused(asked({ id: '' }), 422, ['body']);
    await refused(asked({ id: own.id, path: 'target/other' }), 422, ['body', 'path']);
  });

  test('does not find an id that is of nothing, of another kind, or of something else', async () => {
    const others = Object.values(everything.files).filter(({ id }) => id !== own.id);
    const strange = ['ag_none', run.id, own.versionId, '../agents', "'", '%', '\u2028'];
    for (const id of [...others.map((file) => file.id), ...strange]) {
      const answer = await refused(asked({ id }), 404);
      expect(answer.body.code).toBe('file_not_found');
    }
  });

  test('does not take a path that is of another kind', async () => {
    for (const other of Object.values(everything.files)) {
      if (other.id === own.id) continue;
      const answer = await refused(asked({ path: other.path }), 409);
      expect(answer.body.code).toBe('path_taken');
    }
  });
});

test('a path that is of another kind is taken', async () => {
  const inline = { path: 'target/prompt', agent: agentSpec };
  await refused(() => api.post('/agents', { path: 'target/prompt', model: 'm' }), 409);
  await refused(() => api.post('/agents/call', { ...inline, messages: hello }), 409);
  await refused(() => api.post('/agents/log', inline), 409);
  await refused(() => api.post('/agents/log', { path: 'target/prompt' }), 409);
});

test('a name that is very long is not told in full', async () => {
  const id = 'x'.repeat(1_000_000);
  for (const body of [{ id }, { id: agent.id, trace_parent_id: id }]) {
    const { body: answer } = await refused(() => api.post('/agents/log', body), 404);
    expect(answer.detail).toMatch(/^There is no (file|log) `x+…$/);
    expect(answer.detail).toHaveLength(2_000);
  }
});

test('a path below a file, and a path that is not there, are of no file', async () => {
  await refused(() => api.post('/agents/log', { path: 'target' }), 404);
  await refused(() => api.post('/agents/log', { path: 'Target/Agent' }), 404);
  await refused(() => api.post('/agents/call', { path: 'target/agent/x', messages: hello }), 404);
});

test('an id of another kind is not found under agents', async () => {
  for (const id of [prompt.id, run.id, agent.version_id]) {
    expectRefusal(await api.get(`/agents/${id}`), 404);
    expectRefusal(await api.get(`/agents/${id}/versions`), 404);
    await refused(() => api.patch(`/agents/${id}/log/${run.id}`, { output: 'x' }), 404);
  }
});

describe('a version', () => {
  const messages = hello;

  test('is named by its id or by an environment, never by both', async () => {
    const query = `?version_id=${agent.version_id}&environment=production`;
    expectRefusal(await api.get(`/agents/${agent.id}${query}`), 422, ['query']);
    await refused(() => api.post(`/agents/call${query}`, { id: agent.id, messages }), 422, [
      'query',
    ]);
    await refused(() => api.post(`/agents/log${query}`, { id: agent.id }), 422, ['query']);
  });

  test('is not named when it is given', async () => {
    const inline = { path: 'target/new', agent: agentSpec, messages };
    for (const query of [`version_id=${agent.version_id}`, 'environment=production']) {
      await refused(() => api.post(`/agents/call?${query}`, inline), 422, ['query']);
      await refused(() => api.post(`/agents/log?${query}`, inline), 422, ['query']);
    }
  });

  test.each([
    ['version_id=agv_none', 'version_not_found'],
    [`version_id=${other.version_id}`, 'version_not_found'],
    ['version_id=', 'version_not_found'],
    ['environment=nowhere', 'environment_not_found'],
    ['environment=', 'environment_not_found'],
    ['environment=staging', 'nothing_deployed'],
  ])('that is not there is not found: %s', async (query, code) => {
    const requests = [
      () => api.get(`/agents/${agent.id}?${query}`),
      () => api.post(`/agents/call?${query}`, { id: agent.id, messages }),
      () => api.post(`/agents/log?${query}`, { id: agent.id }),
    ];
    for (const request of requests) expect((await refused(request, 404)).body.code).toBe(code);
  });

  test('has links that lead somewhere, and names that differ', async () => {
    const file = (link: object) => ({
      path: 'target/x',
      model: 'm',
      tools: [{ type: 'file', link }],
    });
    await refused(() => api.post('/agents', file({ file_id: 'pr_none' })), 404);
    await refused(
      () => api.post('/agents', file({ file_id: prompt.id, environment_id: 'env_none' })),
      404,
    );
    await refused(
      () => api.post('/agents', file({ file_id: prompt.id, version_id: 'prv_none' })),
      404,
    );
    const both = { file_id: prompt.id, version_id: prompt.versionId, environment_id: 'env_1' };
    await refused(() => api.post('/agents', file(both)), 422, ['body', 'tools', 0, 'link']);
    const { tools } = agentSpec;
    await refused(
      () => api.post('/agents', { path: 'x', model: 'm', tools: [...tools, ...tools] }),
      422,
      ['body', 'tools', 2, 'json_schema', 'name'],
    );
  });
});

describe('a call or a log that is refused leaves no agent behind', () => {
  const path = 'target/never';
  const inline = { path, agent: agentSpec };

  test.each([
    ['an unknown parent', '/agents/call', { ...inline, trace_parent_id: 'log_none' }, 404],
    ['an unknown parent', '/agents/log', { ...inline, trace_parent_id: 'log_none' }, 404],
    ['a closed parent', '/agents/call', { ...inline, trace_parent_id: closed.id }, 409],
    ['a closed parent', '/agents/log', { ...inline, trace_parent_id: closed.id }, 409],
    ['a taken id', '/agents/call', { ...inline, log_id: run.id }, 409],
    ['a taken id', '/agents/log', { ...inline, log_id: run.id }, 409],
    ['an unknown evaluation run', '/agents/log', { ...inline, run_id: 'rn_1' }, 404],
    ['nothing to say', '/agents/call', { ...inline, messages: [] }, 422],
    [
      'a missing input',
      '/agents/call',
      { path, agent: { ...agentSpec, template: '{{name}}' } },
      422,
    ],
    ['no chat', '/agents/call', { path, agent: { ...agentSpec, endpoint: 'complete' } }, 422],
    ['no provider', '/agents/call', { path, agent: { model: 'm', provider: 'cohere' } }, 422],
    [
      'an end before the start',
      '/agents/log',
      { ...inline, start_time: '2026-05-01T12:00:01Z', end_time: '2026-05-01T12:00:00Z' },
      422,
    ],
  ] as const)('%s: %s', async (_, url, body, status) => {
    await refused(() => api.post(url, { messages: hello, ...body }), status);
    expect((await api.get('/agents?name=never')).body.total).toBe(0);
  });
});

describe('a moment', () => {
  test.each([
    '2016-12-31T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '0001-01-01T00:00:00+01:00',
  ])('that no calendar has is refused: %s', async (time) => {
    for (const field of ['created_at', 'start_time', 'end_time']) {
      await refused(() => api.post('/agents/log', { id: agent.id, [field]: time }), 422, [
        'body',
        field,
      ]);
    }
  });

  test.each([
    ['2026-05-01T12:00:00+05', '2026-05-01T07:00:00.000000Z'],
    ['2026-05-01T12:00:00-0530', '2026-05-01T17:30:00.000000Z'],
    ['2026-05-01 12:00:00+00', '2026-05-01T12:00:00.000000Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000000Z'],
    ['2026-05-01T12:00', '2026-05-01T12:00:00.000000Z'],
    ['2026-05-01T12:00-05:30', '2026-05-01T17:30:00.000000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000000Z'],
    ['2026-05-01T12:00:00.123456789', '2026-05-01T12:00:00.123456Z'],
    ['2026-05-01t12:00:00.5z', '2026-05-01T12:00:00.500000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('is kept in UTC: %s', async (given, kept) => {
    const { body } = await api.post('/agents/log', { id: agent.id, start_time: given });
    expect((await api.get(`/logs/${body.id}`)).body.start_time).toBe(kept);
  });
});

test('changes of a log that cannot be are refused', async () => {
  const patch = (log: string, body: object) => () =>
    api.patch(`/agents/${agent.id}/log/${log}`, body);
  await refused(patch(closed.id, { output: 'x', error: 'y' }), 422, ['body']);
  await refused(patch(closed.id, { log_status: 'incomplete' }), 409);
  await refused(patch('log_none', { output: 'x' }), 404);
  await refused(() => api.patch(`/agents/${other.id}/log/${closed.id}`, { output: 'x' }), 404);
  await refused(() => api.patch(`/agents/ag_none/log/${closed.id}`, { output: 'x' }), 404);
});
