import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { drainFeed } from '../../support/feed.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { addOrganization, rowsOf } from '../../support/organizations.ts';
import { browse, newMember, newOwner, signedIn } from '../../support/people.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();

test('a server says whether it has an owner, to everybody', async () => {
  expect((await browse(api, 'GET', '/auth')).body).toEqual({ claimed: false });
  await newOwner(api);
  expect((await browse(api, 'GET', '/auth')).body).toEqual({ claimed: true });
});

test('only an owner deletes the organization, signed in and with its name', async () => {
  const admin = await newMember(api, 'admin');
  const owner = await signedIn(api, 'ada@example.com');
  await owner.send('PATCH', '/organization', { name: 'Acme Bank' });
  const url = '/organization?name=Acme%20Bank';
  expectRefusal(await api.delete(url), 403);
  expectRefusal(await admin.send('DELETE', url), 403);
  expectRefusal(await owner.send('DELETE', '/organization'), 422, ['query', 'name']);
  expectRefusal(await owner.send('DELETE', '/organization?name=acme'), 422, ['query', 'name']);
  expect((await owner.send('GET', '/organization')).body.name).toBe('Acme Bank');
});

test('a deleted organization leaves no row, and the others have all of theirs', async () => {
  const their = await addOrganization(api, 'the-key-of-the-others');
  const asThem = { 'x-api-key': their.apiKey };
  await send(api, 'POST', '/v5/agents', '{"path": "theirs", "model": "m"}', asThem);
  await makeEverything(api, 'everything');
  const theirs = await rowsOf(api, their.organizationId);
  const { organizationId } = api.workspace;
  expect((await rowsOf(api, organizationId)).length).toBeGreaterThan(50);

  const owner = await signedIn(api, 'ada@example.com');
  expect((await owner.send('DELETE', '/organization?name=Acme%20Bank')).statusCode).toBe(204);
  expectRefusal(await owner.send('GET', '/me'), 401);
  expectRefusal(await api.get('/agents'), 401);
  await drainFeed(api.database);
  expect(await rowsOf(api, organizationId)).toEqual([]);
  expect(await rowsOf(api, their.organizationId)).toEqual(theirs);
  const { rows } = await api.database.pool.query('SELECT id FROM organization');
  expect(rows).toEqual([{ id: their.organizationId }]);
});

test('a run under way ends without a trace when its organization is deleted', async () => {
  const other = await testApp({ logLevel: 'warn' });
  const owner = await newOwner(other, 'grace@example.com');
  await owner.send('PATCH', '/organization', { name: 'Brief' });
  const script = [{ content: 'A word, and another one.', word_delay_ms: 100 }];
  const agent = { provider: 'mock', model: 'm', other: { script } };
  const messages = [{ role: 'user', content: 'Go on.' }];
  const call = owner.send('POST', '/agents/call', { path: 'slow', agent, messages });
  const { pool } = other.database;
  await expect.poll(async () => (await pool.query('SELECT FROM run')).rowCount).toBe(1);
  expect((await owner.send('DELETE', '/organization?name=Brief')).statusCode).toBe(204);
  await call;
  await drainFeed(other.database);
  expect(await rowsOf(other, other.workspace.organizationId)).toEqual([]);
  expect(other.logged.filter((line) => line.includes('"error"'))).toEqual([]);
});
