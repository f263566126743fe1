import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { version } from '../../src/kernel/version.ts';
import { testServers } from '../support/server.ts';
import { runInShell } from '../support/shell.ts';
import { accessibilityFaults } from './accessibility.ts';
import { startBrowser } from './page.ts';

const servers = testServers();
// As on a server without the UI, which has this page in its place.
const env = { WEB_UI: 'off' };
const server = await servers.start({ dataDir: await servers.newFolder(), env });
const open = await startBrowser(server.url);

test('the page says what this is, in which version, and that it is ready', async () => {
  const page = await open('/');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Loopwright');
  expect(await page.getByRole('banner').textContent()).toContain(version);
  await page.getByText('Ready', { exact: true }).waitFor();
});

test('Copy puts a command on the clipboard, and each command does what the page says', async () => {
  const page = await open('/');
  const answers: unknown[] = [];
  const items = await page.locator('.commands').getByRole('listitem').all();
  expect(items).toHaveLength(3);
  for (const item of items) {
    const command = await item.locator('pre').textContent();
    await item.getByRole('button', { name: /^Copy the command/ }).click();
    await expect.poll(() => clipboardOf(page)).toBe(command);
    await item.getByRole('button', { name: /^Copied/ }).waitFor();
    const { stdout } = await runInShell(await clipboardOf(page), {}, { KEY: server.key });
    answers.push(JSON.parse(stdout));
  }
  const complete = { id: 'first-run', log_status: 'complete', output: /1250\.75/ };
  expect(answers).toMatchObject([
    { id: 'first-run', log_status: 'incomplete' },
    { ...complete, output: expect.stringMatching(complete.output) },
    { ...complete, output: expect.stringMatching(complete.output) },
  ]);
});

test('commands name the address by which the reader came, whatever the server was told', async () => {
  const page = await open('/');
  // As behind a proxy that asks by a name of its own.
  await page.route(`${server.url}/`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(server.url, 'http://inside:8080');
    await route.fulfill({ response, body });
  });
  await page.reload();
  const commands = await page.locator('pre').allTextContents();
  const addresses = commands.map((command) => /curl (http:\/\/[^/]+)/.exec(command)?.[1]);
  expect(addresses).toEqual([server.url, server.url, server.url]);
});

test('a browser that has no clipboard to offer copies all the same', async () => {
  const page = await open('/');
  await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
  await page.getByRole('button', { name: 'Read the log' }).click();
  await page.getByRole('button', { name: /^Copied/ }).waitFor();
  const pasted = await open('/');
  expect(await clipboardOf(pasted)).toMatch(/^curl .*first-run/);
});

test('readiness is live: the page says when the server is not ready, does not answer, and is back', async () => {
  const page = await open('/', { expectedError: /^Failed to load resource/ });
  const readiness = page.getByRole('banner').getByRole('status');
  await expect.poll(() => readiness.textContent()).toBe('Ready');
  const readyz = `${server.url}/readyz`;
  const look = () => page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);

  await page.route(readyz, (route) =>
    route.fulfill({ status: 503, json: { detail: 'The database does not answer.' } }),
  );
  await look();
  await expect.poll(() => readiness.textContent()).toBe('Not ready: The database does not answer.');
  await page.unroute(readyz);
  await page.route(readyz, (route) => route.abort());
  await look();
  await expect.poll(() => readiness.textContent()).toBe('The server does not answer');
  await page.unroute(readyz);
  // Nobody asks it to look again.
  await expect.poll(() => readiness.textContent()).toBe('Ready');
});

test('everything is reached by keyboard, in the order in which it is read', async () => {
  const page = await open('/');
  const reached: string[] = [];
  for (let presses = 0; presses < 7; presses++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate<string>('document.activeElement.textContent'));
  }
  expect(reached.map((name) => name.split(/ the command| \//, 1).join())).toEqual([
    'Copy',
    'Copy',
    'Copy',
    'API reference',
    'OpenAPI document',
    'Health',
    'Readiness',
  ]);
});

test('links lead to pages that are there', async () => {
  const page = await open('/');
  const links = await page
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  expect(links).toEqual(['/docs', '/openapi.json', '/healthz', '/readyz']);
  for (const path of links) expect((await server.fetch(path, {}, '')).status).toBe(200);
});

test.each([
  ['light', 1440, 900],
  ['light', 390, 844],
  ['dark', 1440, 900],
  ['dark', 390, 844],
] as const)(
  '%s at %i pixels: accessible, and without sideways scroll',
  async (colorScheme, width, height) => {
    const page = await open('/', { colorScheme, viewport: { width, height } });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  },
);

test('without scripts the page says the same, and offers no button that does nothing', async () => {
  const page = await open('/', { javaScriptEnabled: false });
  await page.getByText('Ready', { exact: true }).waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
});

function clipboardOf(page: Page): Promise<string> {
  return page.evaluate<string>('navigator.clipboard.readText()');
}
