import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey, testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { rowsOf } from '../../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../../support/refusals.ts';
import {
  publishedDocument,
  urlOf,
  type ValidRequest,
  validRequests,
} from '../../support/valid-requests.ts';

const api = await testApp();

const agent = (await api.post('/agents', { path: 'address/agent', model: 'm' })).body;
const log = (await api.post('/agents/log', { path: 'address/agent' })).body;

const everything = await makeEverything(api, 'Address');
const requests = validRequests(await publishedDocument(api), everything);
const rows = () => rowsOf(api, api.workspace.organizationId);

describe('without a key', () => {
  let before: readonly string[];
  beforeAll(async () => {
    before = await rows();
  });
  afterAll(async () => {
    expect(await rows()).toEqual(before);
  });

  test.each(requests)('$name is refused before anything else is looked at', async (request) => {
    const { route, body } = request;
    const broken = body === undefined ? undefined : '{"broken';
    const keys = [
      { 'x-api-key': '' },
      { 'x-api-key': 'no-such-key' },
      { 'x-api-key': `${apiKey} `.repeat(2) },
      { 'x-api-key': apiKey.toUpperCase() },
      { 'x-api-key': 'clé' },
      { 'x-api-key': 'x'.repeat(8_000) },
      { 'x-api-key': '', authorization: 'Bearer no-such-key' },
      { 'x-api-key': '', authorization: `Basic ${apiKey}` },
      { 'x-api-key': '', authorization: 'Bearer' },
      { 'x-api-key': '', authorization: apiKey },
    ];
    for (const headers of keys) {
      const answer = await send(api, route.method as 'POST', urlOf(request), broken, headers);
      expectRefusal(answer, 401);
      expect(answer.body.code).toBe('unauthenticated');
      expect(JSON.stringify(answer.body)).not.toContain('no-such-key');
    }
  });
});

const addresses = [...Map.groupBy(requests, ({ route }) => route.path)].map(([path, [first]]) => ({
  path,
  url: urlOf({ ...(first as ValidRequest), query: {} }),
}));

describe.each(addresses)('$path', ({ url }) => {
  test('has no other methods than its own, and says which they are', async () => {
    const path = url.split('?', 1).join();
    const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'] as const;
    const refused: string[] = [];
    const allowed = new Set<unknown>();
    for (const method of methods) {
      const answer = await send(api, method, url, '{}', { 'x-api-key': '' });
      if (answer.statusCode === 401) continue;
      expect(answer.statusCode, method).toBe(405);
      allowed.add(answer.headers['allow']);
      refused.push(method);
      if (method === 'HEAD') continue;
      expectRefusal(answer, 405);
      expect(answer.body.code).toBe('method_not_allowed');
      const { allow } = answer.headers;
      expect(answer.body.detail).toBe(
        `The route ${path} does not accept ${method}. It accepts ${allow}.`,
      );
    }
    const taken = methods.filter((method) => !refused.includes(method)).toSorted();
    expect([...allowed]).toEqual([taken.join(', ')]);
    expect(refused).toEqual(expect.arrayContaining(['PUT', 'OPTIONS', 'TRACE']));
  });

  test('answers HEAD like GET, without a body', async () => {
    const { statusCode, headers } = await send(api, 'GET', url);
    const head = await send(api, 'HEAD', url);
    expect(head.statusCode).toBe(statusCode);
    expect(head.headers['content-type']).toBe(headers['content-type']);
    expect(head.body).toBe('');
  });
});

test('a body that comes with a request that takes none is not looked at', async () => {
  const wrong: string[] = [];
  for (const request of requests.filter(({ route }) => route.method === 'GET')) {
    const plain = await send(api, 'GET', urlOf(request));
    const answer = await send(api, 'GET', urlOf(request), '{"broken');
    if (answer.statusCode !== plain.statusCode) wrong.push(`${request.name} ${answer.statusCode}`);
  }
  expect(wrong).toEqual([]);
});

test('a bearer token is a key as well', async () => {
  const headers = { 'x-api-key': '', authorization: `Bearer ${apiKey}` };
  expect((await send(api, 'GET', '/v5/agents', undefined, headers)).statusCode).toBe(200);
  const lower = { 'x-api-key': '', authorization: `bearer ${apiKey}` };
  expect((await send(api, 'GET', '/v5/agents', undefined, lower)).statusCode).toBe(200);
});

test('health, readiness, the version and the description of the API need no key', async () => {
  for (const url of ['/healthz', '/readyz', '/version', '/openapi.json']) {
    expect((await send(api, 'GET', url, undefined, { 'x-api-key': '' })).statusCode).toBe(200);
    const post = await send(api, 'POST', url, '{}');
    expectRefusal(post, 405);
    expect(post.headers['allow']).toBe('GET, HEAD');
  }
});

test('a method that an address does not take is refused before its body is read', async () => {
  const wrong = { 'content-type': 'text/plain', 'content-length': '4' };
  for (const body of ['{"br', 'text']) {
    expectRefusal(await send(api, 'PUT', '/v5/agents', body, wrong), 405);
    expectRefusal(await send(api, 'PUT', '/v5/nothing', body, wrong), 404);
  }
  expectRefusal(await send(api, 'PUT', '/v5/agents', '{"br'), 405);
});

test('an address is known by its methods in each of its spellings', async () => {
  for (const url of ['/v5//agents/', '/v5/%61gents?page=1', '/v5/agents/a%2Fb', '/v5/agents/%2e']) {
    const answer = await send(api, 'PUT', url);
    expectRefusal(answer, 405);
    expect(answer.headers['allow']).toMatch(/^(DELETE, )?GET, HEAD/);
  }
});

test('what is no route is told with its address', async () => {
  const unknown = ['/v5', '/v5/nothing', '/v6/agents', '/v5/agents/a/b/c', '/v5/Agents'];
  for (const url of unknown) {
    const answer = await send(api, 'GET', url);
    expectRefusal(answer, 404);
    expect(answer.body.detail).toBe(`There is no route GET ${url}.`);
  }
  expectRefusal(await send(api, 'GET', `/v5/it's/"quoted"`), 404);
  expectRefusal(await send(api, 'OPTIONS', '/v5/nothing'), 404);
});

test('slashes too many change nothing', async () => {
  const plain = await send(api, 'GET', `/v5/agents/${agent.id}/versions`);
  for (const url of [`/v5//agents///${agent.id}//versions`, `/v5/agents/${agent.id}/versions/`]) {
    expect((await send(api, 'GET', url)).body).toEqual(plain.body);
  }
});

describe('an address', () => {
  test.each([
    ['/v5/agents/%00', 422],
    ['/v5/agents/a%00b/versions', 422],
    ['/v5/agents?name=a%00', 422],
    ['/v5/logs?file_id=%00', 422],
    ['/v5/logs/%ff', 400],
    ['/v5/agents/%zz', 400],
    ['/v5/agents/%ed%a0%80', 400],
  ])('%s is refused', async (url, status) => {
    expectRefusal(await send(api, 'GET', url), status);
  });

  test('of thousands of characters is refused', async () => {
    for (const length of [600, 5_000, 100_000]) {
      expectRefusal(await send(api, 'GET', `/v5/agents/${'x'.repeat(length)}`), 414);
    }
  });

  test.each([
    '/v5/agents/..',
    '/v5/agents/%2e%2e',
    '/v5/agents/a%2fb',
    '/v5/agents/%0a%0d',
    '/v5/agents/%f0%9f%98%80',
    "/v5/agents/'; DROP TABLE file; --",
    '/v5/agents/__proto__',
    '/v5/agents/constructor',
    '/v5/agents/call',
    '/v5/logs/toString',
    '/v5/logs/%',
  ])('%s is of nothing', async (url) => {
    const answer = await send(api, 'GET', url);
    expect([400, 404]).toContain(answer.statusCode);
    expectRefusal(answer, answer.statusCode);
  });
});

describe('a query', () => {
  test.each([
    ['/v5/agents?page=0', 'page'],
    ['/v5/agents?page=-1', 'page'],
    ['/v5/agents?page=1.5', 'page'],
    ['/v5/agents?page=1e999', 'page'],
    ['/v5/agents?page=-Infinity', 'page'],
    ['/v5/agents?page=9007199254740993', 'page'],
    ['/v5/agents?page=', 'page'],
    ['/v5/agents?page=one', 'page'],
    ['/v5/agents?page=1&page=2', 'page'],
    ['/v5/agents?size=1001', 'size'],
    ['/v5/agents?size=-1', 'size'],
    ['/v5/agents?size=NaN', 'size'],
    ['/v5/agents?sort_by=path', 'sort_by'],
    ['/v5/agents?sort_by=name;', 'sort_by'],
    ['/v5/agents?order=DESC', 'order'],
    ['/v5/agents?name=a&name=b', 'name'],
    [`/v5/agents/${agent.id}?version_id=a&version_id=b`, 'version_id'],
    [`/v5/agents/${agent.id}/versions?evaluator_aggregates=perhaps`, 'evaluator_aggregates'],
    ['/v5/logs?size=-1', 'size'],
    ['/v5/logs?file_id=', 'file_id'],
    ['/v5/logs?file_id=a&file_id=b', 'file_id'],
    [`/v5/logs?file_id=${agent.id}&page=0`, 'page'],
    [`/v5/logs?file_id=${agent.id}&size=1001`, 'size'],
    [`/v5/logs?file_id=${agent.id}&include_trace_children=2`, 'include_trace_children'],
  ])('%s is refused at its parameter', async (url, name) => {
    expectRefusal(await send(api, 'GET', url), 422, ['query', name]);
  });

  test.each([
    '/v5/agents?unknown=1&unknown=2',
    '/v5/agents?__proto__=1&constructor=2',
    '/v5/agents?page[]=2&size[$gt]=1',
    '/v5/agents?page=1000000000&size=1000',
    '/v5/agents?name=%ff&user_filter=%',
    `/v5/agents?name=${encodeURIComponent(`%_\\'"`)}`,
    '/v5/agents?',
    '/v5/agents?&&=&',
    '/v5/agents?name=%F0%9F%98%80',
  ])('%s is answered', async (url) => {
    expect((await send(api, 'GET', url)).statusCode).toBe(200);
  });

  test('deleting logs needs to be told which, and at most a thousand at once', async () => {
    const before = await rowCounts(api);
    expectRefusal(await send(api, 'DELETE', '/v5/logs'), 422, ['query', 'id']);
    const many = `/v5/logs?${'id=x&'.repeat(1_001)}`;
    expectRefusal(await send(api, 'DELETE', many), 422, ['query', 'id']);
    expectRefusal(await send(api, 'DELETE', '/v5/logs?id='), 404);
    expectRefusal(await send(api, 'DELETE', `/v5/logs?id=${log.id}&id=log_none`), 404);
    expect(await rowCounts(api)).toEqual(before);
  });
});
