import { expect, test } from 'vitest';
import { keyboardOf } from './keyboard.ts';
import { newMember, password, signIn } from './people.ts';
import { startUi, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

test('a member changes their name, and the sidebar says it', async () => {
  const as = await newMember(server, 'editor', 'Ed Itor');
  const page = await ui.open('/settings/account', { as });
  await page.getByLabel('Name').fill('Edna Itor');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Edna Itor' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Edna Itor' }).waitFor();
});

test('a new password ends the other sessions', async () => {
  const as = await newMember(server, 'viewer', 'Vi Ewer');
  const elsewhere = await signIn(server, as);
  const page = await ui.open('/settings/account', { as, expectedError: /status of 422/ });
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('another violet umbrella');
  await page.keyboard.press('Enter');
  await page.getByText(/This is not your password/).waitFor();
  await page.getByLabel('Current password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Password changed.').waitFor();
  const other = await ui.open('/', { as: elsewhere, expectedError: /status of 401/ });
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('sessions are listed, and ended from here', async () => {
  const as = await newMember(server, 'viewer', 'Sam Session');
  await signIn(server, as);
  await signIn(server, as);
  const page = await ui.open('/settings/account', { as, expectedError: /status of 401/ });
  const rows = page.getByRole('region', { name: 'Sessions' }).last().getByRole('row');
  await expect.poll(() => rows.count()).toBe(4);
  await page.getByRole('button', { name: 'End the session of', exact: false }).first().click();
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByRole('button', { name: 'Sign out' }).last().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('by keyboard alone a name, a password and a theme are changed, and a session is ended', async () => {
  const as = await newMember(server, 'viewer', 'Kay Keys');
  await signIn(server, as);
  const page = await ui.open('/settings/account', { as });
  const keys = keyboardOf(page);
  await keys.fill(page.getByLabel('Name'), 'Kai Keys');
  await keys.press('Enter');
  await page.getByRole('button', { name: 'Kai Keys' }).waitFor();
  const end = page.getByRole('button', { name: /^End the session of/ });
  await keys.activate(end);
  await expect.poll(() => end.count()).toBe(0);
  await keys.fill(page.getByLabel('Current password'), password);
  await keys.fill(page.getByLabel('New password'), 'another violet umbrella');
  await keys.activate(page.getByRole('button', { name: 'Change the password' }));
  await page.getByText('Password changed.').waitFor();
  await keys.activate(page.getByRole('link', { name: 'Appearance' }));
  await keys.choose(page.getByRole('radio', { name: 'Dark' }));
  await expect.poll(() => page.evaluate('document.documentElement.matches(".dark")')).toBe(true);
});

test('the theme goes with the member, rows get lower, and times have a zone', async () => {
  const as = await newMember(server, 'viewer', 'Theo Theme');
  const page = await ui.open('/settings/appearance', { as, colorScheme: 'light' });
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: /^Compact/ }).check();
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.getByText(/GMT\+9/).waitFor();
  await expect
    .poll(async () => {
      const other = await ui.open('/settings/appearance', { as, colorScheme: 'light' });
      await other.getByRole('radio', { name: 'Dark' }).waitFor();
      return other.getByRole('radio', { name: 'Dark' }).isChecked();
    })
    .toBe(true);
  await page.reload();
  expect(await page.evaluate('document.documentElement.matches(".compact.dark")')).toBe(true);
});

testLooks(
  'account',
  ui,
  () => '/settings/account',
  (page) => page.getByRole('row', { name: /This one/ }).waitFor(),
);
