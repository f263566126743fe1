import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { newMember, password } from './people.ts';
import { confirm, startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;
const editor = await newMember(server, 'editor', 'Ed Itor');
const viewer = await newMember(server, 'viewer', 'Vi Ewer');
await newMember(
  server,
  'editor',
  'A very long name that nobody would give to a child of theirs, or מאיה',
);

test('somebody is invited by a link that is shown once, and comes', async () => {
  const page = await ui.open('/settings/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('Email').fill('new@acme.test');
  await page.getByRole('radio', { name: /^Viewer/ }).check();
  await takePicture(page, 'invite');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = (await page.getByRole('group', { name: 'Link' }).textContent()) ?? '';
  await takePicture(page, 'invite-link');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  expect(await page.getByRole('group', { name: 'Link' }).textContent()).toBe(link);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row', { name: /new@acme.test/ }).waitFor();

  const { pathname, hash } = new URL(link);
  const theirs = await ui.open(`${pathname}${hash}`, {
    isSignedIn: false,
    expectedError: /status of 401/,
  });
  await theirs.getByLabel('Your name').fill('Nia New');
  await theirs.getByLabel('Password').fill(password);
  await theirs.getByRole('button', { name: 'Join' }).click();
  await theirs.getByRole('button', { name: 'Nia New' }).waitFor();
  await page.reload();
  await page.getByRole('row', { name: /Nia New.*Viewer/ }).waitFor();
});

test('an invitation is renewed and withdrawn', async () => {
  await server.post('/v5/invitations', { email_address: 'late@acme.test', role: 'editor' });
  const page = await ui.open('/settings/members');
  const actions = page.getByRole('button', { name: 'Actions for late@acme.test' });
  await actions.click();
  await page.getByRole('menuitem', { name: 'New link' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  await page.getByRole('group', { name: 'Link' }).getByText('/invitation#').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Withdraw' }).click();
  await confirm(page, 'Withdraw');
  await page.getByText('Nobody is invited now.').waitFor();
});

test('a member gets another role, a link for a new password, and is removed', async () => {
  await newMember(server, 'editor', 'Pat Part');
  const page = await ui.open('/settings/members');
  const row = page.getByRole('row', { name: /Pat Part/ });
  const actions = row.getByRole('button', { name: 'Actions for Pat Part' });
  await actions.click();
  await page.getByRole('menuitem', { name: 'Change the role' }).click();
  await page.getByRole('radio', { name: /^Admin/ }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Change the role' }).click();
  await row.getByText('Admin', { exact: true }).waitFor();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Link for a new password' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  await page.getByRole('group', { name: 'Link' }).getByText('/reset#').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await confirm(page, 'Remove');
  await expect.poll(() => row.count()).toBe(0);
});

test('by keyboard alone somebody is invited, gets another role, and is removed', async () => {
  await newMember(server, 'editor', 'Kay Keys');
  const page = await ui.open('/settings/members');
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'Invite somebody' }));
  await keys.fill(page.getByLabel('Email'), 'keys@acme.test');
  await keys.choose(page.getByRole('radio', { name: /^Viewer/ }));
  await keys.press('Enter');
  await keys.activate(page.getByRole('button', { name: 'Done' }));
  await keys.pick(page.getByRole('button', { name: 'Actions for keys@acme.test' }), 'Withdraw');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }));
  await page.getByText('Nobody is invited now.').waitFor();
  const row = page.getByRole('row', { name: /Kay Keys/ });
  const actions = row.getByRole('button', { name: 'Actions for Kay Keys' });
  await keys.pick(actions, 'Change the role');
  await keys.choose(page.getByRole('radio', { name: /^Viewer/ }));
  await keys.press('Enter');
  await row.getByText('Viewer', { exact: true }).waitFor();
  await keys.pick(actions, 'Remove');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }));
  await expect.poll(() => row.count()).toBe(0);
});

test('the last owner stays, and is told why', async () => {
  const page = await ui.open('/settings/members', { expectedError: /status of 409/ });
  await page.getByRole('button', { name: 'Actions for Maya Kern' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('This is the last owner of the organization.').waitFor();
});

test.each([
  ['an editor', editor],
  ['a viewer', viewer],
])('%s sees who is there, and is offered nothing that they may not do', async (_, as) => {
  const page = await ui.open('/settings/members', { as });
  await page.getByRole('row', { name: /Maya Kern/ }).waitFor();
  await page.getByText('Admins change this.').waitFor();
  expect(await page.content()).not.toContain('maya@acme.test');
  const offered = page.getByRole('main').getByRole('button', {
    name: /^(Actions for|Invite|Rename)/,
  });
  await expect.poll(() => offered.count()).toBe(0);
  for (const path of ['providers', 'environments', 'api-keys', 'account', 'appearance']) {
    await page.goto(`${server.url}/settings/${path}`);
    await page.getByRole('navigation', { name: 'Settings' }).waitFor();
  }
});

test('the organization is renamed', async () => {
  const page = await ui.open('/settings/members');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Acme Savings');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('complementary').getByText('Acme Savings').waitFor();
});

test('deleting the organization needs its name', async () => {
  const page = await ui.open('/settings/members', { expectedError: /status of 401/ });
  await page.getByRole('button', { name: 'Delete the organization' }).click();
  const sure = page.getByRole('button', { name: 'Delete everything' });
  await expect.poll(() => sure.isDisabled()).toBe(true);
  await page.getByLabel(/^Type/).fill('Acme Sav');
  await expect.poll(() => sure.isDisabled()).toBe(true);
  await takePicture(page, 'delete-organization');
  await page.keyboard.press('Escape');
  await expect.poll(() => sure.count()).toBe(0);
});

testLooks(
  'members',
  ui,
  () => '/settings/members',
  (page) => page.getByRole('row', { name: /Ed Itor/ }).waitFor(),
);

test('an owner deletes the organization, an admin cannot: its keys and sessions end with it', async () => {
  const admin = await newMember(server, 'admin', 'Ada Min');
  const theirs = await ui.open('/settings/members', { as: admin });
  await theirs.getByRole('button', { name: 'Rename' }).waitFor();
  const offered = { name: 'Delete the organization' };
  expect(await theirs.getByRole('button', offered).count()).toBe(0);
  await theirs.close();

  const page = await ui.open('/settings/members', { expectedError: /status of 401/ });
  await page.getByRole('button', offered).click();
  const name = await page.getByLabel('Name', { exact: true }).inputValue();
  await page.getByLabel(/^Type/).fill(name);
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await page.waitForURL(/\/login/);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await takePicture(page, 'organization-deleted');
  expect(await accessibilityFaults(page)).toEqual([]);
  expect((await server.get('/v5/me')).status).toBe(401);
});
