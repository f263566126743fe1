import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { endSession, newMember, password, signIn } from './people.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server, owner } = ui;
const refused = { isSignedIn: false, expectedError: /status of 40[14]/ } as const;

test('who is not signed in is asked to, and comes to the page that was asked for', async () => {
  const page = await ui.open('/logs?status=error', refused);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The email address or the password is not right.').waitFor();
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'All logs', level: 1 }).waitFor();
  await expect.poll(() => new URL(page.url()).search).toBe('?status=error');
  const kept = await page.evaluate<string>(
    'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
  );
  expect(kept).not.toMatch(/violet|lw_session/);
});

test('a sign-in leads to no other host', async () => {
  const page = await ui.open('/login?next=//evil.test/', refused);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await expect.poll(() => new URL(page.url()).origin).toBe(server.url);
});

test('by keyboard alone one signs in and out', async () => {
  const page = await ui.open('/login', refused);
  const keys = keyboardOf(page);
  await keys.fill(page.getByLabel('Email'), owner.email);
  await keys.fill(page.getByLabel('Password'), 'not the password');
  await keys.activate(page.getByRole('button', { name: 'Sign in' }));
  await page.getByText('The email address or the password is not right.').waitFor();
  await keys.fill(page.getByLabel('Password'), password);
  await keys.press('Enter');
  await keys.pick(page.getByRole('button', { name: owner.name }), 'Sign out');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(`${server.url}/logs`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a session that ends in the middle is taken up where one was, with nothing lost', async () => {
  const as = await signIn(server, owner);
  const page = await ui.open('/settings/api-keys', { as, expectedError: /status of 401/ });
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('nightly');
  await endSession(server, as);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const again = page.getByRole('alertdialog', { name: 'Sign in again' });
  await again.getByText('Your session has ended.').waitFor();
  await takePicture(page, 'sign-in-again');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await again.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await again.getByText('The email address or the password is not right.').waitFor();
  await again.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  // The key that was asked for is made, with the name that was typed.
  await page.getByRole('dialog', { name: 'API key “nightly”' }).waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/settings/api-keys');
});

test('instead of signing in again one can leave', async () => {
  const as = await signIn(server, owner);
  const page = await ui.open('/settings/members', { as, expectedError: /status of 401/ });
  await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
  await endSession(server, as);
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('who is invited joins by the link, once', async () => {
  const invited = { email_address: 'jo@acme.test', role: 'viewer' };
  const { body } = await server.post('/v5/invitations', invited);
  const { pathname, hash } = new URL(body.url);
  const page = await ui.open(`${pathname}${hash}`, refused);
  await page.getByRole('heading', { name: 'Join Acme Bank' }).waitFor();
  await page.getByText('jo@acme.test').waitFor();
  await takePicture(page, 'invitation');
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(page.url()).not.toContain(hash);
  await page.getByLabel('Your name').fill('Jo');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('button', { name: 'Jo', exact: true }).waitFor();
  const second = await ui.open(`${pathname}${hash}`, refused);
  await second.getByText(/Ask whoever invited you/).waitFor();
});

test('a link sets a new password', async () => {
  const lee = await newMember(server, 'editor', 'Lee');
  const { body: members } = await server.get('/v5/members');
  const { id } = members.find((member: { full_name: string }) => member.full_name === 'Lee');
  const { body: link } = await server.post(`/v5/members/${id}/reset`, {});
  const { pathname, hash } = new URL(link.url);
  const page = await ui.open(`${pathname}${hash}`, refused);
  await page.getByLabel('Password').fill('short');
  await page.getByLabel('Password').fill('another violet umbrella');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('button', { name: 'Lee' }).waitFor();
  expect(lee.name).toBe('Lee');
  const second = await ui.open(`${pathname}${hash}`, refused);
  await second.getByText(/Ask an admin of your organization/).waitFor();
  expect(await second.getByLabel('Password').count()).toBe(0);
});

testLooks(
  'login',
  ui,
  () => '/login',
  (page) => page.getByLabel('Email').waitFor(),
  refused,
);
