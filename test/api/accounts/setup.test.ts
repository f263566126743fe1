import { expect, test } from 'vitest';
import { makeSetupLink } from '../../../src/accounts/first-start/claim.ts';
import { testApp } from '../../support/app.ts';
import { browse, password, tokenOf } from '../../support/people.ts';
import { expectRefusal } from '../../support/refusals.ts';

const request = (token: string, email_address = 'ada@example.com') => ({
  token,
  full_name: 'Ada',
  email_address,
  password,
  organization: 'Banking',
});

test('the link makes an owner with a first key, once; the first key of the server works on', async () => {
  const api = await testApp({ logLevel: 'info' });
  const link = await makeSetupLink(api.workspace);
  const token = tokenOf(link?.path ?? '');
  const weak = { ...request(token), password: 'password1234' };
  expectRefusal(await browse(api, 'POST', '/auth/setup', weak), 422, ['body', 'password']);
  const made = await browse(api, 'POST', '/auth/setup', request(token));
  expect(made.statusCode).toBe(201);
  expect(made.body).toMatchObject({
    member: { email_address: 'ada@example.com', full_name: 'Ada', role: 'owner' },
    organization: { name: 'Banking' },
    api_key: { name: 'made by the setup', scopes: ['run', 'read', 'write', 'admin'] },
  });
  const { key } = made.body.api_key;
  const byKey = await browse(api, 'GET', '/me', undefined, { 'x-api-key': key });
  expect(byKey.body.member.id).toBe(made.body.member.id);
  const byCookie = await browse(api, 'GET', '/me', undefined, { cookie: String(made.cookie) });
  expect(byCookie.body.caller.type).toBe('session');
  expect((await api.get('/agents')).statusCode).toBe(200);

  expectRefusal(await browse(api, 'POST', '/auth/setup', request(token, 'm@example.com')), 404);
  expect(await makeSetupLink(api.workspace)).toBeUndefined();
  expect(api.logged.join('')).not.toContain(token);
  expect(api.logged.join('')).not.toContain(password);
  expect(api.logged.join('')).not.toContain(key);
});

test('a link that is guessed, replaced or expired is refused', async () => {
  const api = await testApp();
  const first = tokenOf((await makeSetupLink(api.workspace))?.path ?? '');
  const second = tokenOf((await makeSetupLink(api.workspace))?.path ?? '');
  for (const token of ['guessed', first]) {
    const refused = await browse(api, 'POST', '/auth/setup', request(token));
    expectRefusal(refused, 404);
    expect(refused.body.code).toBe('link_not_found');
  }
  await api.database.pool.query("UPDATE account_link SET expires_at = now() - interval '1 second'");
  expectRefusal(await browse(api, 'POST', '/auth/setup', request(second)), 404);
  const third = tokenOf((await makeSetupLink(api.workspace))?.path ?? '');
  expect((await browse(api, 'POST', '/auth/setup', request(third))).statusCode).toBe(201);
});

test('of those who set a server up at once one becomes the owner', async () => {
  const api = await testApp();
  const token = tokenOf((await makeSetupLink(api.workspace))?.path ?? '');
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) =>
      browse(api, 'POST', '/auth/setup', request(token, `${name}@example.com`)),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 404, 404, 404]);
  expect((await api.get('/members')).body).toHaveLength(1);
});

test('guesses of links are limited for each address', async () => {
  const api = await testApp({ doorLimits: { perAddress: 5 } });
  const statuses: number[] = [];
  for (let guess = 0; guess < 7; guess++) {
    const { statusCode } = await browse(api, 'GET', `/auth/invitation/guess-${guess}`);
    statuses.push(statusCode);
  }
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
});
