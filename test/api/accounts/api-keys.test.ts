import { expect, test, vi } from 'vitest';
import { callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, apiKey, testApp } from '../../support/app.ts';
import { addKey } from '../../support/keys.ts';
import { newMember, newOwner } from '../../support/people.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp({ lastUsesMs: 20 });

const as =
  (key: string) =>
  (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object): Promise<Answer> =>
    send(api, method, `/v5${url}`, body && JSON.stringify(body), { 'x-api-key': key });

async function made(options: object, key = apiKey) {
  const { statusCode, body } = await as(key)('POST', '/api-keys', { name: 'made', ...options });
  expect(statusCode, JSON.stringify(body)).toBe(201);
  return body as { id: string; key: string; expires_at: string | null };
}

test('a key is answered once, works at once, and is listed without what could be used', async () => {
  const { statusCode, body } = await api.post('/api-keys', { name: 'of a laptop' });
  expect(statusCode).toBe(201);
  const { key, ...stored } = body;
  expect(stored).toMatchObject({
    name: 'of a laptop',
    hint: `${key.slice(0, 10)}…`,
    scopes: ['run', 'read', 'write'],
    member: { email_address: 'owner@localhost' },
    created_by: { email_address: 'owner@localhost' },
    origin: 'made',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
  });
  expect((await as(key)('GET', '/agents')).statusCode).toBe(200);
  const { body: listed } = await api.get('/api-keys');
  expect(listed[0]).toEqual({ ...stored, last_used_at: listed[0].last_used_at });
  expect(JSON.stringify(listed)).not.toContain(key);
  expect(JSON.stringify(listed)).not.toContain('hash');
});

test('when a key was used last is written, but not by the request', async () => {
  const { id, key } = await made({});
  const lastUse = async () =>
    (await api.get('/api-keys')).body.find((each: { id: string }) => each.id === id).last_used_at;
  expect(await lastUse()).toBeNull();
  const before = Date.now();
  await as(key)('GET', '/agents');
  await vi.waitFor(async () => expect(await lastUse()).not.toBeNull(), 5_000);
  const seconds = (Date.parse(await lastUse()) - before) / 1_000;
  expect(Math.abs(seconds)).toBeLessThan(60);
});

test('a key expires when it is said, and can be made to expire earlier, never later', async () => {
  const days = (body: { expires_at: string | null }) =>
    Math.round((Date.parse(body.expires_at ?? '') - Date.now()) / 86_400_000);
  expect(days(await made({ expires_in_days: 30 }))).toBe(30);
  const year = new Date().getFullYear() + 1;
  const { id, expires_at } = await made({ expires_at: `${year}-05-01` });
  expect(expires_at).toBe(`${year}-05-01T00:00:00.000000Z`);
  const change = (at: string) => api.patch(`/api-keys/${id}`, { expires_at: at });
  expectRefusal(await change(`${year}-05-02`), 422, ['body', 'expires_at']);
  expectRefusal(await change('2020-01-01'), 422, ['body', 'expires_at']);
  expect((await change(`${year}-04-30`)).body.expires_at).toBe(`${year}-04-30T00:00:00.000000Z`);
  const renamed = await api.patch(`/api-keys/${id}`, { name: 'Named anew' });
  expect(renamed.body).toMatchObject({
    name: 'Named anew',
    expires_at: `${year}-04-30T00:00:00.000000Z`,
  });
  expectRefusal(
    await api.post('/api-keys', { name: 'x', expires_in_days: 1, expires_at: `${year}-01-01` }),
    422,
  );
});

test('a key makes no key with a scope that it lacks, and none that expires later', async () => {
  const { key: parent, expires_at } = await made({
    scopes: ['read', 'write'],
    expires_in_days: 10,
  });
  for (const scope of ['run', 'admin']) {
    const refused = await as(parent)('POST', '/api-keys', { name: 'more', scopes: [scope] });
    expectRefusal(refused, 403);
    expect(refused.body.detail).toContain(`\`${scope}\``);
  }
  // The scopes of a request that names none are more than it has.
  expectRefusal(await as(parent)('POST', '/api-keys', { name: 'more' }), 403);
  const later = { name: 'later', scopes: ['read'], expires_in_days: 11 };
  expectRefusal(await as(parent)('POST', '/api-keys', later), 422, ['body', 'expires_in_days']);
  const child = await made({ scopes: ['read'] }, parent);
  expect(child.expires_at).toBe(expires_at);
  const short = await made({ scopes: ['read'], expires_in_days: 1 }, parent);
  expect(Date.parse(short.expires_at ?? '')).toBeLessThan(Date.parse(expires_at ?? ''));
  // Nor does it change one that may do more, of the same member.
  const { id } = await made({ scopes: ['admin'] });
  for (const [method, url] of [
    ['PATCH', `/api-keys/${id}`],
    ['DELETE', `/api-keys/${id}`],
    ['POST', `/api-keys/${id}/rotate`],
  ] as const) {
    expectRefusal(await as(parent)(method, url, method === 'DELETE' ? undefined : {}), 403);
  }
});

test('a revoked key is refused at once; what it made stays', async () => {
  const { id, key } = await made({});
  expect((await as(key)('GET', '/agents')).statusCode).toBe(200);
  expect((await api.delete(`/api-keys/${id}`)).statusCode).toBe(204);
  expectRefusal(await as(key)('GET', '/agents'), 401);
  expect((await api.delete(`/api-keys/${id}`)).statusCode).toBe(204);
  expectRefusal(await api.post(`/api-keys/${id}/rotate`, {}), 422, ['path', 'id']);
  expectRefusal(await api.delete('/api-keys/key_of_nobody'), 404);
});

test('a revocation cancels the runs of the key if it is told to', async () => {
  const agent = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
  const begin = async (key: string, logId: string) => {
    const call = { path: 'asking', agent, messages: hello, log_id: logId };
    expect((await as(key)('POST', '/agents/call', call)).statusCode).toBe(200);
  };
  const errorOf = async (logId: string) => (await api.get(`/logs/${logId}`)).body.error;
  const [kept, ended] = [await made({}), await made({})];
  await begin(kept.key, 'goes-on');
  await begin(ended.key, 'is-cancelled');
  await api.delete(`/api-keys/${kept.id}`);
  await api.delete(`/api-keys/${ended.id}?cancel_runs=true`);
  expect(await errorOf('goes-on')).toBeNull();
  expect(await errorOf('is-cancelled')).toBe('cancelled');
});

test('a key that takes the place of another has its scopes and its logs; both work for a while', async () => {
  const { id, key } = await made({ scopes: ['run'] });
  const log = await as(key)('POST', '/prompts/log', { path: 'said', prompt: { model: 'm' } });
  const { statusCode, body: next } = await api.post(`/api-keys/${id}/rotate`, {});
  expect(statusCode).toBe(201);
  expect(next).toMatchObject({ name: 'made', scopes: ['run'], expires_at: null });
  expect(next.id).not.toBe(id);
  for (const each of [key, next.key]) {
    expect((await as(each)('GET', `/logs/${log.body.id}`)).statusCode).toBe(200);
  }
  const { body: keys } = await api.get('/api-keys');
  const old = keys.find((each: { id: string }) => each.id === id);
  const hours = (Date.parse(old.expires_at) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThan(24.1);
  const { body: last } = await api.post(`/api-keys/${next.id}/rotate`, { overlap_hours: 0 });
  expectRefusal(await as(next.key)('GET', `/logs/${log.body.id}`), 401);
  expect((await as(last.key)('GET', `/logs/${log.body.id}`)).statusCode).toBe(200);
});

test('a member sees and changes their own keys; admins those of all, but not of who is above', async () => {
  const owner = await newOwner(api);
  const [admin, editor] = [await newMember(api, 'admin'), await newMember(api, 'editor')];
  const ofEditor = await editor.send('POST', '/api-keys', { name: 'of the editor' });
  const ofOwner = await owner.send('POST', '/api-keys', { name: 'of the owner' });
  const names = async (person: typeof owner) =>
    (await person.send('GET', '/api-keys')).body.map(({ name }: { name: string }) => name);
  expect(await names(editor)).toEqual(['of the editor']);
  expect(await names(admin)).toEqual(expect.arrayContaining(['of the editor', 'of the owner']));
  expectRefusal(await editor.send('DELETE', `/api-keys/${ofOwner.body.id}`), 404);
  for (const url of [`/api-keys/${ofOwner.body.id}`]) {
    const refused = await admin.send('DELETE', url);
    expectRefusal(refused, 403);
    expect(refused.body.code).toBe('role_above_yours');
  }
  // A key for another: with `admin`, and with no more than that member may.
  const forOwner = { name: 'mine now', member_id: owner.memberId };
  expectRefusal(await admin.send('POST', '/api-keys', forOwner), 403);
  const forAdmin = { name: 'x', member_id: admin.memberId };
  expectRefusal(await editor.send('POST', '/api-keys', forAdmin), 403);
  const forEditor = { name: 'x', scopes: ['admin'], member_id: editor.memberId };
  const { body } = await admin.send('POST', '/api-keys', forEditor);
  expect(body.member.id).toBe(editor.memberId);
  expectRefusal(await as(body.key)('GET', '/invitations'), 403);
  expectRefusal(await admin.send('POST', '/api-keys', { name: 'x', member_id: 'usr_none' }), 404);
  expect((await admin.send('DELETE', `/api-keys/${ofEditor.body.id}`)).statusCode).toBe(204);
  expectRefusal(await as(ofEditor.body.key)('GET', '/agents'), 401);
});

test('a key that is being revoked makes none', async () => {
  const parent = await addKey(api, { scopes: ['admin'] });
  const { body: me } = await as(parent)('GET', '/me');
  const [child] = await Promise.all([
    as(parent)('POST', '/api-keys', { name: 'child' }),
    api.delete(`/api-keys/${me.caller.id}`),
  ]);
  expect([201, 401]).toContain(child.statusCode);
  expectRefusal(await as(parent)('POST', '/api-keys', { name: 'child' }), 401);
});
