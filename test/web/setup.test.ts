import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { startBrowser } from '../browser/page.ts';
import { testServers } from '../support/server.ts';
import { runInShell } from '../support/shell.ts';
import { keyboardOf } from './keyboard.ts';
import { password, setupLink } from './people.ts';
import { takePicture, testLooks } from './ui.ts';

// From a server that nobody owns yet to the first log, in one browser.

const servers = testServers();
const server = await servers.start({ dataDir: await servers.newDataFolder() });
const open = await startBrowser(server.url);
const wide = { viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' };
const signedOut = { ...wide, expectedError: /status of 401/ };

test('a server without an owner says where the link is', async () => {
  const page = await open('/', signedOut);
  await page.getByRole('heading', { name: 'This server has no owner yet' }).waitFor();
  await page.getByText('npm run setup-link').waitFor();
  await page.goto(`${server.url}/setup`);
  await page.getByRole('heading', { name: 'This server has no owner yet' }).waitFor();
});

testLooks(
  'no-owner',
  { open },
  () => '/login',
  (page) => page.getByText('npm run setup-link').waitFor(),
  { expectedError: /status of 401/ },
);

testLooks(
  'setup',
  { open },
  () => '/setup#token',
  (page) => page.getByLabel('Organization').waitFor(),
);

test('a link that does not work says so', async () => {
  const page = await open('/setup#guessed', { ...wide, expectedError: /status of 404/ });
  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill('Eve');
  await page.getByLabel('Email').fill('eve@acme.test');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await page.getByText(/This link has been used, has expired/).waitFor();
});

test('the first run, by keyboard alone: an owner, a key, a provider, a log', async () => {
  const { pathname, hash } = new URL(setupLink(server));
  const page = await open(`${pathname}${hash}`, signedOut);
  const keys = keyboardOf(page);
  await expect.poll(() => page.url()).not.toContain(hash);
  await page.locator(':focus').and(page.getByLabel('Organization')).waitFor();
  await keys.type('Acme Bank');
  await keys.fill(page.getByLabel('Your name'), 'Maya Kern');
  await keys.fill(page.getByLabel('Email'), 'maya@acme.test');
  await keys.fill(page.getByLabel('Password'), password);
  await keys.press('Enter');

  await page.getByRole('heading', { name: 'Your first API key' }).waitFor();
  await takePicture(page, 'setup-key');
  const command = await page.getByRole('group', { name: /^Try it/ }).textContent();
  await keys.activate(page.getByRole('button', { name: 'I have kept it' }));

  await page.getByRole('heading', { name: 'A key of a model provider' }).waitFor();
  await takePicture(page, 'setup-provider');
  // A reload loses the link, and what was shown once; it says what is there, and leads on.
  const reloaded = await page.context().newPage();
  await reloaded.goto(`${server.url}/setup`);
  await reloaded.getByRole('heading', { name: 'Set-up is done' }).waitFor();
  await takePicture(reloaded, 'setup-done');
  expect(await accessibilityFaults(reloaded)).toEqual([]);
  expect(
    await reloaded.getByRole('link', { name: 'Settings › API keys' }).getAttribute('href'),
  ).toBe('/settings/api-keys');
  await reloaded.getByRole('button', { name: 'Go to Home' }).click();
  await reloaded.getByRole('heading', { name: 'No logs yet' }).waitFor();
  await reloaded.close();
  await keys.activate(page.getByRole('button', { name: 'Later' }));

  await page.getByRole('heading', { name: 'No logs yet' }).waitFor();
  const { stdout } = await runInShell(command ?? '');
  expect(JSON.parse(stdout)).toMatchObject({ agent: { path: 'Banking/Teller Agent' } });
  await page.getByRole('heading', { name: 'Latest logs' }).waitFor();
  await keys.activate(
    page
      .getByRole('main')
      .getByRole('link', { name: /Teller Agent/ })
      .first(),
  );
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/logs\/log_/);
});

test('the setup page of a server that has an owner leads to the sign-in', async () => {
  const page = await open('/setup', signedOut);
  await page.getByRole('heading', { name: 'This server is set up' }).waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').waitFor();
});
