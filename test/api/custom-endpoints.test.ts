import { describe, expect, test } from 'vitest';
import { hello } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const allowedHosts = '127.0.0.1,10.1.0.0/16,models.internal';
const api = await testApp({ allowedHosts, modelLimits: { maxAttempts: 1 } });
const url = '/custom-endpoints';
const base_url = 'http://127.0.0.1:8080/v1';
const create = (name: string, more = {}) => api.post(url, { name, base_url, ...more });
const update = (name: string, change: object) => api.patch(`${url}/${name}`, change);

test('an endpoint is made, and told of without its secrets', async () => {
  const { statusCode, body } = await create('my-llama', {
    base_url: 'HTTP://127.0.0.1:8080/v1/',
    api_key: 'a-key-of-llama',
    headers: { 'X-Team': 'support', authorization: 'Basic 1234' },
    quirks: { max_tokens_field: 'max_completion_tokens' },
  });
  expect(statusCode).toBe(201);
  expect(body).toEqual({
    name: 'my-llama',
    base_url,
    has_key: true,
    headers: { authorization: '***', 'x-team': '***' },
    quirks: { max_tokens_field: 'max_completion_tokens' },
    usable: true,
    created_at: expect.stringMatching(/Z$/),
    set_at: expect.stringMatching(/Z$/),
    set_by: { id: api.workspace.memberId, email_address: 'owner@localhost', full_name: 'Owner' },
  });
  expect((await api.get(`${url}/my-llama`)).body).toEqual(body);
  expect((await api.get(url)).body).toContainEqual(body);
});

test('an endpoint needs no more than a name and an address', async () => {
  const nulls = { api_key: null, headers: null, quirks: null };
  const inside = { headers: {}, quirks: { stream_options: null } };
  for (const [name, more] of Object.entries({ bare: {}, nulls, inside })) {
    const { body } = await create(name, more);
    expect(body).toMatchObject({ has_key: false, headers: {}, quirks: {}, usable: true });
  }
});

test('endpoints are listed by their names', async () => {
  for (const name of ['zeta', 'alpha', 'm-2']) await create(name);
  const names = (await api.get(url)).body.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['alpha', 'm-2', 'zeta']));
  expect(names).toEqual(names.toSorted());
});

describe('a change', () => {
  test('is of the fields that it gives', async () => {
    const { body: before } = await create('changed', {
      api_key: 'the-first-key',
      headers: { 'X-One': 'first', 'X-Two': 'second' },
      quirks: { stream_options: false },
    });
    const headers = { 'x-one': '***', 'X-Three': 'third' };
    const { statusCode, body } = await update('changed', { headers });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      has_key: true,
      headers: { 'x-one': '***', 'x-three': '***' },
      quirks: { stream_options: false },
      created_at: before.created_at,
    });
    expect(body.set_at > before.set_at).toBe(true);
    const none = { api_key: null, headers: null, quirks: null };
    expect((await update('changed', none)).body).toMatchObject({
      ...{ has_key: false, headers: {}, quirks: {}, base_url },
    });
  });

  test('keeps no header that had no value', async () => {
    await create('unset', { headers: { 'X-One': 'first' } });
    const answer = await update('unset', { headers: { 'X-Two': '***' } });
    expectRefusal(answer, 422, ['body', 'headers', 'x-two']);
  });

  test('does not send what was set for one server to another', async () => {
    const elsewhere = 'http://127.0.0.1:9090/v1';
    await create('moved', { api_key: 'for-the-first-server', headers: { 'X-One': 'first' } });
    for (const kept of [{}, { api_key: null }, { api_key: 'k', headers: { 'X-One': '***' } }]) {
      const answer = await update('moved', { base_url: elsewhere, ...kept });
      expectRefusal(answer, 422, ['body', 'base_url']);
    }
    const samePlace = await update('moved', { base_url: 'http://127.0.0.1:8080/v2' });
    expect(samePlace.body).toMatchObject({ has_key: true, headers: { 'x-one': '***' } });
    const moved = await update('moved', { base_url: elsewhere, api_key: 'another', headers: null });
    expect(moved.body).toMatchObject({ base_url: elsewhere, has_key: true, headers: {} });
    await create('without-secrets');
    expect((await update('without-secrets', { base_url: elsewhere })).statusCode).toBe(200);
  });
});

test('a deleted endpoint is gone, and there is none to change or delete any more', async () => {
  await create('to-be-deleted');
  expect(await api.delete(`${url}/to-be-deleted`)).toMatchObject({ statusCode: 204, body: '' });
  for (const name of ['to-be-deleted', 'openai', '%20', '__proto__']) {
    for (const answer of [
      await api.get(`${url}/${name}`),
      await update(name, { quirks: null }),
      await api.delete(`${url}/${name}`),
    ]) {
      expectRefusal(answer, 404);
      expect(answer.body.code).toBe('custom_endpoint_not_found');
    }
  }
});

const refused: readonly (readonly [string, object, readonly (string | number)[]])[] = [
  ['the name of a vendor', { name: 'openai' }, ['body', 'name']],
  ['a name like that of Azure', { name: 'openai_azure' }, ['body', 'name']],
  ['capitals in its name', { name: 'My-Llama' }, ['body', 'name']],
  ['a blank in its name', { name: 'my llama' }, ['body', 'name']],
  ['a name that ends in a dash', { name: 'llama-' }, ['body', 'name']],
  ['an empty name', { name: '' }, ['body', 'name']],
  ['a long name', { name: 'x'.repeat(64) }, ['body', 'name']],
  ['no name', { name: null }, ['body', 'name']],
  ['no address', { base_url: null }, ['body', 'base_url']],
  ['a word for an address', { base_url: 'llama' }, ['body', 'base_url']],
  ['a file for an address', { base_url: 'file:///etc/passwd' }, ['body', 'base_url']],
  ['a password in its address', { base_url: 'http://a:b@127.0.0.1' }, ['body', 'base_url']],
  ['a query in its address', { base_url: `${base_url}?key=1` }, ['body', 'base_url']],
  ['an address inside of the network', { base_url: 'http://10.2.0.1' }, ['body', 'base_url']],
  ['the address of a cloud', { base_url: 'http://169.254.169.254' }, ['body', 'base_url']],
  ['another spelling of it', { base_url: 'http://0xA9FEA9FE/v1' }, ['body', 'base_url']],
  ['an empty key', { api_key: '' }, ['body', 'api_key']],
  ['a key with a blank', { api_key: 'a key' }, ['body', 'api_key']],
  ['a header of the connection', { headers: { Host: 'a' } }, ['body', 'headers', 'Host']],
  ['a bad name of a header', { headers: { 'a b': 'a' } }, ['body', 'headers', 'a b']],
  ['a bad value of a header', { headers: { a: 'a\nb' } }, ['body', 'headers', 'a']],
  ['a kept header', { headers: { a: '***' } }, ['body', 'headers', 'a']],
  ['a quirk that is none', { quirks: { top_k: true } }, ['body', 'quirks', 'top_k']],
  [
    'a field that is none',
    { quirks: { max_tokens_field: 'n' } },
    ['body', 'quirks', 'max_tokens_field'],
  ],
];

test.each(refused)('an endpoint with %s is refused', async (_, more, loc) => {
  const before = await rowCounts(api);
  expectRefusal(await api.post(url, { name: 'refused', base_url, ...more }), 422, loc);
  expect(await rowCounts(api)).toEqual(before);
});

test('the refusal of an address says who can allow it', async () => {
  const { body } = await create('inside', { base_url: 'http://192.168.0.1:11434/v1' });
  expect(body.detail[0].msg).toBe(
    'The host 192.168.0.1 is not on the public internet, and this server is not configured to allow it. Its operator can allow it with `LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS`.',
  );
});

test('addresses that the operator allows are taken, and those that cannot be found', async () => {
  for (const [name, host] of [
    ['a-range', '10.1.2.3'],
    ['a-name', 'models.internal'],
    ['not-yet', 'not-there-yet.invalid'],
  ] as const) {
    expect((await create(name, { base_url: `http://${host}:11434/v1` })).statusCode).toBe(201);
  }
});

describe('two at once', () => {
  test('that make an endpoint of one name make one, and the others hear of it', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => create('wanted-by-many')));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, 409, 409, 409]);
    const late = answers.find(({ statusCode }) => statusCode === 409);
    expect(late?.body.code).toBe('custom_endpoint_exists');
  });

  test('that change two fields change both', async () => {
    await create('changed-by-two', { api_key: 'a-key-of-both' });
    await Promise.all([
      update('changed-by-two', { headers: { 'X-One': 'first' } }),
      update('changed-by-two', { quirks: { developer_role: true } }),
      update('changed-by-two', { base_url: 'http://127.0.0.1:8080/v3' }),
    ]);
    expect((await api.get(`${url}/changed-by-two`)).body).toMatchObject({
      base_url: 'http://127.0.0.1:8080/v3',
      has_key: true,
      headers: { 'x-one': '***' },
      quirks: { developer_role: true },
    });
  });
});

test('another organization’s endpoints can be neither seen, named nor changed', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  const asThem = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    send(api, method, `/v5${path}`, body && JSON.stringify(body), { 'x-api-key': apiKey });
  const { body: ours } = await create('ours', { api_key: 'a-key-of-ours' });
  expect((await asThem('GET', url)).body).toEqual([]);
  expectRefusal(await asThem('GET', `${url}/ours`), 404);
  expectRefusal(await asThem('PATCH', `${url}/ours`, { api_key: null }), 404);
  expectRefusal(await asThem('DELETE', `${url}/ours`), 404);
  const spec = { path: 'theirs', provider: 'ours', model: 'm' };
  const named = await asThem('POST', '/prompts', spec);
  expectRefusal(named, 422, ['body', 'provider']);
  expect(JSON.stringify(named.body)).toContain('your organization has no custom endpoints');
  const theirs = await asThem('POST', url, { name: 'ours', base_url: 'http://10.1.0.9/v1' });
  expect(theirs).toMatchObject({ statusCode: 201, body: { has_key: false } });
  expect((await api.get(`${url}/ours`)).body).toEqual(ours);
});

test('secrets are encrypted in the database, and in no answer, text or log line', async () => {
  const [key, header] = ['sk-canary-7b21-of-a-key', 'canary-9c44-of-a-header'];
  const secret = { api_key: key, headers: { 'X-Secret': header } };
  const { body: prompt } = await api.post('/prompts', {
    ...{
      path: 'secret',
      provider: 'bare',
      model: 'm',
      template: [{ role: 'user', content: 'Hi' }],
    },
  });
  const answers = [
    await create('secret', secret),
    await create('secret', secret),
    await update('secret', secret),
    await update('secret', { ...secret, base_url: 'http://10.9.9.9' }),
    await update('secret', { headers: { 'X-Secret': `${header}\n` } }),
    await create('secret-2', { api_key: `${key} ` }),
    await create('secret-2', { api_key: [key] }),
    await api.get(url),
    await api.get(`${url}/secret`),
    await api.get(`/prompts/${prompt.id}/serialize`),
    await api.post('/agents/call', {
      path: 'secret-agent',
      agent: { provider: 'secret', model: 'm' },
      messages: hello,
    }),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([
    ...[201, 409, 200, 422, 422, 422, 422, 200, 200, 200, 502],
  ]);
  const seen = [
    ...answers.map(({ body }) => JSON.stringify(body)),
    await databaseText(api.database),
    ...api.logged,
  ].join('\n');
  for (const text of [key, header]) {
    for (const trace of [text, Buffer.from(text).toString('hex'), btoa(text)]) {
      expect(seen).not.toContain(trace);
    }
  }
});
