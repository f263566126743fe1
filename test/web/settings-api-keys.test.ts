import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { newMember } from './people.ts';
import { confirm, startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;
const editor = await newMember(server, 'editor', 'Ed Itor');

/** Makes a key in the open page. @returns the key. */
async function makeKey(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('dialog', { name: `API key “${name}”` });
  const key = await shown.getByRole('group', { name: 'API key' }).textContent();
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  return key ?? '';
}

const choose = async (page: Page, of: string, action: string) => {
  await page.getByRole('button', { name: `Actions for ${of}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

test('a key is made, shown once, used and revoked', async () => {
  const page = await ui.open('/settings/api-keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('deploy script');
  await page.getByRole('checkbox', { name: /^run/ }).uncheck();
  await takePicture(page, 'new-api-key');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('dialog', { name: 'API key “deploy script”' });
  const key = (await shown.getByRole('group', { name: 'API key' }).textContent()) ?? '';
  const command = await shown.getByRole('group', { name: 'Try it' }).textContent();
  expect(command).toBe(`curl ${server.url}/v5/me -H "X-API-KEY: ${key}"`);
  await takePicture(page, 'made-api-key');
  expect(await accessibilityFaults(page)).toEqual([]);
  // It is not shown again: neither Escape nor a click beside it takes it away.
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await page.keyboard.press('Escape');
  expect(await shown.getByRole('group', { name: 'API key' }).textContent()).toBe(key);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  const { body: me } = await server.get('/v5/me', key);
  expect(me.caller.scopes).toEqual(['read', 'write']);

  const row = page.getByRole('row', { name: /deploy script/ });
  await row.getByText('read, write').waitFor();
  expect(await page.content()).not.toContain(key);
  await choose(page, 'deploy script', 'Revoke');
  const asked = page.getByRole('alertdialog', { name: 'Revoke “deploy script”?' });
  await asked.waitFor();
  await takePicture(page, 'revoke-api-key');
  expect(await accessibilityFaults(page)).toEqual([]);
  await confirm(page, 'Revoke');
  await expect.poll(() => row.count()).toBe(0);
  expect((await server.get('/v5/me', key)).status).toBe(401);
  await page.getByRole('switch', { name: /Show keys that no longer work/ }).check();
  await row.getByText('Revoked').waitFor();
});

test('a key is renamed, and replaced by one that works beside it', async () => {
  const page = await ui.open('/settings/api-keys');
  const old = await makeKey(page, 'nightly');
  await choose(page, 'nightly', 'Rename');
  await page.getByRole('textbox', { name: 'Name' }).fill('weekly');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('row', { name: /weekly/ }).waitFor();
  await choose(page, 'weekly', 'Replace');
  await page.getByRole('button', { name: 'Make the new key' }).click();
  const shown = page.getByRole('dialog', { name: 'API key “weekly”' });
  await shown.getByText('The old key still works for now.').waitFor();
  const key = (await shown.getByRole('group', { name: 'API key' }).textContent()) ?? '';
  for (const each of [old, key]) expect((await server.get('/v5/me', each)).status).toBe(200);
});

test('by keyboard alone a key is made and revoked, and the focus stays in the table', async () => {
  const page = await ui.open('/settings/api-keys');
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'New API key' }));
  await keys.fill(page.getByLabel('Name'), 'by keys');
  await keys.to(page.getByRole('checkbox', { name: /^write/ }));
  await keys.press('Space', 'Enter');
  await keys.activate(page.getByRole('button', { name: 'I have kept it' }));
  const focused = () => page.evaluate('document.activeElement.textContent');
  await expect.poll(focused).toBe('New API key');
  const row = page.getByRole('row', { name: /by keys/ });
  await row.getByText('run, read', { exact: true }).waitFor();
  await keys.pick(page.getByRole('button', { name: 'Actions for by keys' }), 'Revoke');
  await page.getByRole('alertdialog').waitFor();
  await expect.poll(focused).toBe('Cancel');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }));
  await expect.poll(() => row.count()).toBe(0);
  const inTable = 'document.activeElement.closest("table") !== null';
  await expect.poll(() => page.evaluate(inTable)).toBe(true);
});

test('an admin makes a key for somebody else, which may do no more than they may', async () => {
  const page = await ui.open('/settings/api-keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('for the editor');
  await page.getByRole('combobox', { name: 'It acts as' }).selectOption('Ed Itor, editor');
  await expect.poll(() => page.getByRole('checkbox', { name: /^admin/ }).isDisabled()).toBe(true);
  await page.getByText('What it makes has the name of Ed Itor.').waitFor();
  await takePicture(page, 'new-api-key-for');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('dialog', { name: 'API key “for the editor”' });
  const key = (await shown.getByRole('group', { name: 'API key' }).textContent()) ?? '';
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  expect((await server.get('/v5/me', key)).body.member.full_name).toBe('Ed Itor');
  await page
    .getByRole('row', { name: /for the editor/ })
    .getByText('Maya Kern for Ed Itor')
    .waitFor();
  await choose(page, 'for the editor', 'Revoke');
  await confirm(page, 'Revoke');
});

test('an editor sees their own keys, and gives none more than they may', async () => {
  const page = await ui.open('/settings/api-keys', { as: editor });
  await page.getByText('There is no key yet.').waitFor();
  await page.getByRole('button', { name: 'New API key' }).click();
  await expect.poll(() => page.getByRole('checkbox', { name: /^admin/ }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await makeKey(page, 'of the editor');
  await page.getByRole('row', { name: /of the editor/ }).waitFor();
});

testLooks(
  'api-keys',
  ui,
  () => '/settings/api-keys',
  (page) => page.getByRole('row', { name: /made by the setup/ }).waitFor(),
);
