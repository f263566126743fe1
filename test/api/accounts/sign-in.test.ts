import { expect, test } from 'vitest';
import { apiKey, testApp } from '../../support/app.ts';
import { browse, newMember, newOwner, password, signedIn, tokenOf } from '../../support/people.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp({ publicUrl: null });
const owner = await newOwner(api);

const signIn = (email_address: string, given = password, headers = {}) =>
  browse(api, 'POST', '/auth/sign-in', { email_address, password: given }, headers);

/** Lets the waits of all accounts and addresses be over. */
async function forgetTries(): Promise<void> {
  await api.database.pool.query('DELETE FROM sign_in_try');
}

test('whoever signs in is told who they are, and has a cookie that scripts cannot read', async () => {
  const { statusCode, body, headers } = await signIn('ADA@example.com');
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    caller: { type: 'session', scopes: ['run', 'read', 'write', 'admin'], name: null },
    member: { email_address: 'ada@example.com', full_name: 'Ada', role: 'owner' },
    organization: { id: api.workspace.organizationId },
    server: { public_url: 'http://localhost:80', features: { oidc: false } },
  });
  const cookie = String(headers['set-cookie']);
  expect(cookie).toMatch(
    /^lw_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
  );
  expect(headers['cache-control']).toBe('no-store');
  const me = await browse(api, 'GET', '/me', undefined, { cookie: cookie.split(';', 1).join() });
  expect(me.body).toEqual(body);
});

test('over HTTPS the cookie is bound to the host, and no other is taken', async () => {
  const secure = await testApp({ database: api.database });
  const { statusCode, headers, cookie } = await browse(secure, 'POST', '/auth/sign-in', {
    email_address: owner.email,
    password,
  });
  expect(statusCode).toBe(200);
  expect(String(headers['set-cookie'])).toMatch(/^__Host-lw_session=.*; Path=\/; .*; Secure$/);
  const with_ = (cookie: string) => browse(secure, 'GET', '/me', undefined, { cookie });
  expect((await with_(`theme=dark; ${cookie}`)).statusCode).toBe(200);
  expectRefusal(await with_(String(cookie).replace('__Host-', '')), 401);
});

test('a session never has a token that somebody else chose', async () => {
  const cookie = 'lw_session=chosen-by-somebody-else';
  const fixed = await signIn(owner.email, password, { cookie });
  expect(fixed.cookie).not.toBe(cookie);
  expectRefusal(await browse(api, 'GET', '/me', undefined, { cookie }), 401);
  // The session that the browser had before is over.
  const again = await signIn(owner.email, password, { cookie: fixed.cookie });
  expect(again.cookie).not.toBe(fixed.cookie);
  const before = { cookie: String(fixed.cookie) };
  expectRefusal(await browse(api, 'GET', '/me', undefined, before), 401);
});

test('sessions are stored as hashes alone', async () => {
  const { cookie } = await signedIn(api, owner.email);
  const token = cookie.split('=')[1] ?? '';
  const { rows } = await api.database.pool.query('SELECT s::text AS text FROM session s');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(token);
  const { rows: members } = await api.database.pool.query('SELECT m::text AS text FROM member m');
  expect(JSON.stringify(members)).not.toContain(password);
});

test('signing out ends the session, and ends nothing when there is none', async () => {
  const person = await signedIn(api, owner.email);
  const out = await person.send('POST', '/auth/sign-out');
  expect(out.statusCode).toBe(204);
  expect(String(out.headers['set-cookie'])).toMatch(/^lw_session=; Path=\/; Max-Age=0; /);
  expectRefusal(await person.send('GET', '/me'), 401);
  expect((await person.send('POST', '/auth/sign-out')).statusCode).toBe(204);
  expect((await browse(api, 'POST', '/auth/sign-out')).statusCode).toBe(204);
});

test('a member sees where they are signed in, and ends a session from elsewhere', async () => {
  const viewer = await newMember(api, 'viewer');
  const other = await signedIn(api, viewer.email);
  const { body: sessions } = await viewer.send('GET', '/me/sessions');
  expect(sessions.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
  const [elsewhere] = sessions;
  expectRefusal(await owner.send('DELETE', `/me/sessions/${elsewhere.id}`), 404);
  expect((await viewer.send('DELETE', `/me/sessions/${elsewhere.id}`)).statusCode).toBe(204);
  expectRefusal(await other.send('GET', '/me'), 401);
  expect((await viewer.send('GET', '/me')).statusCode).toBe(200);
});

test('a session is over after 12 hours without a request, and after 30 days', async () => {
  for (const [column, age, status] of [
    ['last_seen_at', '11 hours 59 minutes', 200],
    ['last_seen_at', '12 hours 1 minute', 401],
    ['created_at', '29 days 23 hours', 200],
    ['created_at', '30 days 1 minute', 401],
  ] as const) {
    const person = await signedIn(api, owner.email);
    const { body } = await person.send('GET', '/me');
    await api.database.pool.query(
      `UPDATE session SET ${column} = now() - $2::interval WHERE id = $1`,
      [body.caller.id, age],
    );
    // Another server, which has not looked the session up.
    const elsewhere = await testApp({ database: api.database, publicUrl: null });
    const cookie = { cookie: person.cookie };
    const answer = await browse(elsewhere, 'GET', '/me', undefined, cookie);
    expect(answer.statusCode, `${column} ${age}`).toBe(status);
  }
});

test('an account that does not exist is answered as one that does', async () => {
  await forgetTries();
  const answers = [
    await signIn(owner.email, 'a wrong password'),
    await signIn('nobody@example.com', 'a wrong password'),
    await signIn('owner@localhost', 'a wrong password'),
    await signIn('no address at all', 'a wrong password'),
  ];
  for (const answer of answers) {
    expectRefusal(answer, 401);
    expect(answer.body.code).toBe('wrong_credentials');
    expect(answer.body.detail).toBe(answers[0]?.body.detail);
    expect(answer.cookie).toBeUndefined();
  }
});

test('after five wrong passwords an account has to wait, also for the right one', async () => {
  await forgetTries();
  for (const email of [owner.email, 'nobody@example.com']) {
    for (let tries = 0; tries < 5; tries++) {
      expectRefusal(await signIn(email, `wrong-${tries}`), 401);
    }
    const refused = await signIn(email);
    expectRefusal(refused, 429);
    expect(refused.body.code).toBe('too_many_tries');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  }
});

test('each further try has to wait twice as long, up to an hour', async () => {
  await forgetTries();
  const waits: number[] = [];
  for (let tries = 0; tries < 13; tries++) {
    await signIn('target@example.com', 'wrong');
    const refused = await signIn('target@example.com', 'wrong');
    if (refused.statusCode === 429) waits.push(Number(refused.headers['retry-after']));
    await api.database.pool.query('UPDATE sign_in_try SET next_at = now()');
  }
  const expected = [60, 120, 240, 480, 960, 1_920, 3_600, 3_600];
  expect(waits.slice(0, expected.length)).toEqual(expected.map((wait) => expect.closeTo(wait, -1)));
});

test('of many tries at once no more than five are looked at', async () => {
  await forgetTries();
  const answers = await Promise.all(
    Array.from({ length: 15 }, (_, index) => signIn('raced@example.com', `wrong-${index}`)),
  );
  const statuses = answers.map(({ statusCode }) => statusCode).sort();
  expect(statuses).toEqual([...Array(5).fill(401), ...Array(10).fill(429)]);
});

test('an address has twenty tries, whichever accounts they are for', async () => {
  await forgetTries();
  for (let tries = 0; tries < 20; tries++) {
    expectRefusal(await signIn(`guess-${tries}@example.com`, 'wrong'), 401);
  }
  expectRefusal(await signIn(owner.email), 429);
  await forgetTries();
  // Those who are right do not use them up.
  for (let tries = 0; tries < 22; tries++) {
    expect((await signIn(owner.email)).statusCode).toBe(200);
  }
});

test('the tries of an account are forgotten when the right password comes', async () => {
  await forgetTries();
  for (let round = 0; round < 3; round++) {
    for (let tries = 0; tries < 4; tries++) {
      expectRefusal(await signIn(owner.email, 'wrong'), 401);
    }
    expect((await signIn(owner.email)).statusCode).toBe(200);
  }
});

test('a session changes something only from a page of this server', async () => {
  await forgetTries();
  const { cookie } = await signedIn(api, owner.email);
  const post = (headers: Record<string, string>, url = '/v5/directories') =>
    api.app.inject({
      method: 'POST',
      url,
      headers: { cookie, ...headers },
      payload: { path: `d-${Math.random()}` },
    });
  for (const headers of [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' },
  ] as Record<string, string>[]) {
    const refused = await post(headers);
    expect(refused.statusCode, JSON.stringify(headers)).toBe(403);
    expect(refused.json().code).toBe('cross_site_request');
  }
  for (const headers of [
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'http://localhost:80' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' },
  ] as Record<string, string>[]) {
    expect((await post(headers)).statusCode, JSON.stringify(headers)).toBe(201);
  }
  // Reading is not changing, and a key is no cookie: it counts alone, wherever it comes from.
  const read = await api.app.inject({ url: '/v5/me', headers: { cookie } });
  expect(read.statusCode).toBe(200);
  const elsewhere = { 'sec-fetch-site': 'cross-site' };
  expect((await post({ ...elsewhere, 'x-api-key': apiKey })).statusCode).toBe(201);
  expect((await post({ ...elsewhere, 'x-api-key': 'wrong' })).statusCode).toBe(401);
  expect((await post({ ...elsewhere, authorization: 'Bearer wrong' })).statusCode).toBe(401);
  // What a proxy in front of us asks for is no key.
  const proxied = { 'sec-fetch-site': 'same-origin', authorization: 'Basic abc' };
  expect((await post(proxied)).statusCode).toBe(201);
});

test('another site cannot sign its visitors in or out', async () => {
  const { cookie } = await signedIn(api, owner.email);
  const cross = { 'sec-fetch-site': 'cross-site', cookie };
  expectRefusal(await signIn(owner.email, password, cross), 403);
  expectRefusal(await browse(api, 'POST', '/auth/sign-out', undefined, cross), 403);
  const me = await browse(api, 'GET', '/me', undefined, { cookie });
  expect(me.statusCode).toBe(200);
  // A program says nothing of sites.
  const body = { email_address: owner.email, password };
  const plain = await api.app.inject({ method: 'POST', url: '/v5/auth/sign-in', payload: body });
  expect(plain.statusCode).toBe(200);
});

test('a new password ends the other sessions of a member, and needs the old one', async () => {
  await forgetTries();
  const editor = await newMember(api, 'editor');
  const other = await signedIn(api, editor.email);
  const change = (body: object) => editor.send('PATCH', '/me', body);
  const next = 'another violet umbrella';
  const at = (field: string) => ['body', field];
  const wrong = { current_password: 'wrong', new_password: next };
  expectRefusal(await change(wrong), 422, at('current_password'));
  for (const bad of ['short', 'password1234', 'editor@example.com']) {
    const weak = { current_password: password, new_password: bad };
    const refused = await change(weak);
    expectRefusal(refused, 422, at('new_password'));
    expect(JSON.stringify(refused.body)).not.toContain(bad);
  }
  expect((await other.send('GET', '/me')).statusCode).toBe(200);
  expect((await change({ current_password: password, new_password: next })).statusCode).toBe(200);
  expectRefusal(await other.send('GET', '/me'), 401);
  expect((await editor.send('GET', '/me')).statusCode).toBe(200);
  expectRefusal(await signIn(editor.email), 401);
  expect((await signIn(editor.email, next)).statusCode).toBe(200);
});

test('a member changes their name and how pages look; a key does not', async () => {
  const changed = await owner.send('PATCH', '/me', { full_name: 'Ada L.', appearance: 'dark' });
  expect(changed.body.member).toMatchObject({ full_name: 'Ada L.', appearance: 'dark' });
  const refused = await api.patch('/me', { full_name: 'A key' });
  expectRefusal(refused, 403);
  expect(refused.body.code).toBe('session_required');
  expectRefusal(await owner.send('PATCH', '/me', { appearance: 'pink' }), 422);
});

test('a key is told what it is', async () => {
  const { body } = await api.get('/me');
  expect(body).toMatchObject({
    caller: { type: 'key', name: 'bootstrap', scopes: ['run', 'read', 'write', 'admin'] },
    member: { email_address: 'owner@localhost', role: 'owner' },
  });
});

test('a reset link sets a password once, and ends all sessions', async () => {
  await forgetTries();
  const viewer = await newMember(api, 'viewer', 'forgetful@example.com');
  for (let tries = 0; tries < 6; tries++) await signIn(viewer.email, 'forgotten');
  const { statusCode, body } = await owner.send('POST', `/members/${viewer.memberId}/reset`);
  expect(statusCode).toBe(201);
  const url = `/auth/reset/${tokenOf(body.url)}`;
  expectRefusal(await browse(api, 'POST', url, { password: 'qwertyuiop123' }), 422, [
    'body',
    'password',
  ]);
  expect((await browse(api, 'GET', url)).body).toEqual({
    email_address: viewer.email,
    expires_at: body.expires_at,
  });
  const next = 'remembered umbrella 12';
  const reset = await browse(api, 'POST', url, { password: next });
  expect(reset.body.member.email_address).toBe(viewer.email);
  expectRefusal(await browse(api, 'POST', url, { password: next }), 404);
  expectRefusal(await browse(api, 'GET', url), 404);
  expectRefusal(await viewer.send('GET', '/me'), 401);
  // The wait after wrong passwords is over, too.
  expect((await signIn(viewer.email, next)).statusCode).toBe(200);
});
