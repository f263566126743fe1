import { expect, test } from 'vitest';
import { apiKey, testApp } from '../../support/app.ts';
import { addOrganization } from '../../support/organizations.ts';
import { browse, newMember, newOwner, password, signedIn, tokenOf } from '../../support/people.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();
const owner = await newOwner(api);

test('who is invited becomes a member by the link, once', async () => {
  const invited = { email_address: 'Grace@Example.com', role: 'editor' };
  const { statusCode, body } = await owner.send('POST', '/invitations', invited);
  expect(statusCode).toBe(201);
  expect(body).toEqual({
    id: expect.stringMatching(/^inv_/),
    url: expect.stringMatching(/^https:\/\/loopwright\.test\/invitation#[\w-]{43}$/),
    expires_at: expect.any(String),
  });
  const days = (Date.parse(body.expires_at) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(7);
  const listed = await owner.send('GET', '/invitations');
  expect(listed.body).toMatchObject([{ id: body.id, ...invited }]);
  const url = `/auth/invitation/${tokenOf(body.url)}`;
  expect((await browse(api, 'GET', url)).body).toEqual({
    organization: { name: 'My organization' },
    ...invited,
    expires_at: body.expires_at,
  });
  const accepted = await browse(api, 'POST', url, { full_name: 'Grace', password });
  expect(accepted.statusCode).toBe(200);
  expect(accepted.body.member).toMatchObject({ full_name: 'Grace', role: 'editor' });
  expectRefusal(await browse(api, 'POST', url, { full_name: 'Mallory', password }), 404);
  expectRefusal(await browse(api, 'GET', url), 404);
  expect((await owner.send('GET', '/invitations')).body).toEqual([]);
  // Case does not count.
  expect((await signedIn(api, 'grace@example.com')).memberId).toBe(accepted.body.member.id);
});

test('of two who use one link at once, one becomes the member', async () => {
  const invited = { email_address: 'twice@example.com', role: 'viewer' };
  const { body } = await owner.send('POST', '/invitations', invited);
  const url = `/auth/invitation/${tokenOf(body.url)}`;
  const answers = await Promise.all(
    ['One', 'Two', 'Three'].map((full_name) => browse(api, 'POST', url, { full_name, password })),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 404, 404]);
});

test('an invitation is renewed and withdrawn; old links do not work', async () => {
  const invited = { email_address: 'late@example.com', role: 'viewer' };
  const { body: first } = await owner.send('POST', '/invitations', invited);
  const { body: second } = await owner.send('POST', `/invitations/${first.id}/renew`);
  expect(second.id).toBe(first.id);
  const at = (url: string) => `/auth/invitation/${tokenOf(url)}`;
  expectRefusal(await browse(api, 'GET', at(first.url)), 404);
  expect((await browse(api, 'GET', at(second.url))).statusCode).toBe(200);
  expect((await owner.send('DELETE', `/invitations/${first.id}`)).statusCode).toBe(204);
  expectRefusal(await browse(api, 'GET', at(second.url)), 404);
  expectRefusal(await owner.send('DELETE', `/invitations/${first.id}`), 404);
  expectRefusal(await owner.send('POST', `/invitations/${first.id}/renew`), 404);
  // They can be invited again.
  expect((await owner.send('POST', '/invitations', invited)).statusCode).toBe(201);
  const again = await owner.send('POST', '/invitations', invited);
  expectRefusal(again, 409);
  expect(again.body.code).toBe('already_a_member');
});

test('email addresses are shown to admins and to those whose they are', async () => {
  const viewer = await newMember(api, 'viewer');
  const { body } = await viewer.send('GET', '/members');
  const emails = body.map(({ id, email_address }: Record<string, string>) => [id, email_address]);
  expect(emails.filter(([, email]: string[]) => email !== null)).toEqual([
    [viewer.memberId, 'viewer@example.com'],
  ]);
  const seen = await owner.send('GET', `/members/${viewer.memberId}`);
  expect(seen.body).toMatchObject({
    email_address: 'viewer@example.com',
    role: 'viewer',
    status: 'active',
  });
  expect((await viewer.send('GET', `/members/${owner.memberId}`)).body.email_address).toBeNull();
});

test('another role applies to sessions and keys at once', async () => {
  const editor = await newMember(api, 'editor', 'demoted@example.com');
  const { body: key } = await editor.send('POST', '/api-keys', { name: 'x' });
  const write = (headers: Record<string, string>) =>
    browse(api, 'POST', '/directories', { path: `d-${Math.random()}` }, headers);
  for (const who of [{ 'x-api-key': key.key }, { cookie: editor.cookie }]) {
    expect((await write(who)).statusCode).toBe(201);
  }
  const changed = await owner.send('PATCH', `/members/${editor.memberId}`, { role: 'viewer' });
  expect(changed.body.role).toBe('viewer');
  for (const who of [{ 'x-api-key': key.key }, { cookie: editor.cookie }]) {
    expectRefusal(await write(who), 403);
    expect((await browse(api, 'GET', '/directories', undefined, who)).statusCode).toBe(200);
  }
});

test('a removed member has no sessions and no keys; what they made has their name', async () => {
  const editor = await newMember(api, 'editor', 'leaving@example.com');
  const { body: key } = await editor.send('POST', '/api-keys', { name: 'x' });
  const made = await editor.send('POST', '/prompts', { path: 'by-leaver', model: 'm' });
  expect((await owner.send('DELETE', `/members/${editor.memberId}`)).statusCode).toBe(204);
  expectRefusal(await editor.send('GET', '/me'), 401);
  expectRefusal(await send(api, 'GET', '/v5/me', undefined, { 'x-api-key': key.key }), 401);
  const prompt = await owner.send('GET', `/prompts/${made.body.id}`);
  expect(prompt.body.created_by.full_name).toBe('editor');
  const { body: member } = await owner.send('GET', `/members/${editor.memberId}`);
  expect(member.status).toBe('removed');
  const again = { email_address: editor.email, password };
  expectRefusal(await browse(api, 'POST', '/auth/sign-in', again), 401);
  expectRefusal(await owner.send('PATCH', `/members/${editor.memberId}`, { role: 'owner' }), 404);
  expect((await newMember(api, 'viewer', editor.email)).memberId).not.toBe(editor.memberId);
});

test('nobody gives a role above their own, or changes who has one', async () => {
  const admin = await newMember(api, 'admin');
  const viewer = await newMember(api, 'viewer', 'promoted@example.com');
  const refusals = [
    await admin.send('PATCH', `/members/${viewer.memberId}`, { role: 'owner' }),
    await admin.send('PATCH', `/members/${owner.memberId}`, { role: 'viewer' }),
    await admin.send('DELETE', `/members/${owner.memberId}`),
    await admin.send('POST', `/members/${owner.memberId}/reset`),
    await admin.send('POST', '/invitations', { email_address: 'o@example.com', role: 'owner' }),
  ];
  for (const refused of refusals) {
    expectRefusal(refused, 403);
    expect(refused.body.code).toBe('role_above_yours');
  }
  const promoted = await admin.send('PATCH', `/members/${viewer.memberId}`, { role: 'admin' });
  expect(promoted.body.role).toBe('admin');
});

test('the last owner stays, also when owners leave at the same time', async () => {
  for (let race = 0; race < 10; race++) {
    const second = await newMember(api, 'owner', `owner-${race}@example.com`);
    const [first, other] = await Promise.all([
      api.patch(`/members/${owner.memberId}`, { role: 'admin' }),
      race % 2 === 0
        ? api.delete(`/members/${second.memberId}`)
        : api.patch(`/members/${second.memberId}`, { role: 'viewer' }),
    ]);
    const refused = [first, other].filter(({ statusCode }) => statusCode >= 300);
    expect(refused.map(({ body }) => body.code)).toEqual(['last_owner']);
    const { body: members } = await api.get('/members');
    const owners = members.filter(
      ({ role, status }: Record<string, string>) => role === 'owner' && status === 'active',
    );
    expect(owners).toHaveLength(1);
    await api.patch(`/members/${owner.memberId}`, { role: 'owner' });
    if (first.statusCode < 300) await api.patch(`/members/${second.memberId}`, { role: 'viewer' });
  }
  expectRefusal(await owner.send('DELETE', `/members/${owner.memberId}`), 409);
});

test('the organization has a name, which admins change', async () => {
  const { body } = await owner.send('GET', '/organization');
  expect(body).toEqual({
    id: api.workspace.organizationId,
    name: 'My organization',
    created_at: expect.any(String),
  });
  const renamed = await owner.send('PATCH', '/organization', { name: 'Banking' });
  expect(renamed.body).toEqual({ ...body, name: 'Banking' });
});

test('members, keys and invitations of another organization are not there', async () => {
  const their = await addOrganization(api, 'the-key-of-the-others');
  const asThem = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) =>
    send(api, method, `/v5${url}`, body && JSON.stringify(body), { 'x-api-key': their.apiKey });
  const invited = { email_address: 'ours@example.com', role: 'viewer' };
  const { body: invitation } = await owner.send('POST', '/invitations', invited);
  const { body: me } = await send(api, 'GET', '/v5/me', undefined, { 'x-api-key': apiKey });
  for (const [method, url, body] of [
    ['GET', `/members/${owner.memberId}`, undefined],
    ['PATCH', `/members/${owner.memberId}`, { role: 'viewer' }],
    ['DELETE', `/members/${owner.memberId}`, undefined],
    ['POST', `/members/${owner.memberId}/reset`, undefined],
    ['POST', `/invitations/${invitation.id}/renew`, undefined],
    ['DELETE', `/invitations/${invitation.id}`, undefined],
    ['PATCH', `/api-keys/${me.caller.id}`, {}],
    ['DELETE', `/api-keys/${me.caller.id}`, undefined],
    ['POST', `/api-keys/${me.caller.id}/rotate`, {}],
    ['POST', '/api-keys', { name: 'x', member_id: owner.memberId }],
  ] as const) {
    expectRefusal(await asThem(method, url, body), 404);
  }
  expect((await asThem('GET', '/members')).body).toEqual([]);
  expect((await asThem('GET', '/invitations')).body).toEqual([]);
  expect((await asThem('GET', '/api-keys')).body).toHaveLength(1);
  // An email address leads to one account, so it signs in to one organization.
  const taken = { email_address: owner.email, role: 'viewer' };
  expectRefusal(await asThem('POST', '/invitations', taken), 409);
});
