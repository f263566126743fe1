import { expect, test } from 'vitest';
import { testServers } from '../support/server.ts';
import { accessibilityFaults } from './accessibility.ts';
import { startBrowser } from './page.ts';

const servers = testServers();
const server = await servers.start({ dataDir: await servers.newFolder() });
const open = await startBrowser(server.url);

interface Published {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: string[] }>>>>;
}

test('/docs lists every operation of the document, under its tag', async () => {
  const document = (await server.get('/openapi.json')).body as Published;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { tags }]) => `${tags[0]} ${method.toUpperCase()} ${path}`,
    ),
  );
  const page = await open('/docs');
  expect(new URL(page.url()).pathname).toBe('/docs/api/console');
  await page.locator('.opblock').first().waitFor();
  const shown = await page.locator('.opblock').evaluateAll((blocks) =>
    blocks.map((block) => {
      const textOf = (selector: string) =>
        block.querySelector(selector)?.textContent?.replaceAll('\u200b', '');
      const tag = block.closest('.opblock-tag-section')?.querySelector('[data-tag]');
      return `${tag?.getAttribute('data-tag')} ${textOf('.opblock-summary-method')} ${textOf('.opblock-summary-path, .opblock-summary-path__deprecated')}`;
    }),
  );
  expect(shown.toSorted()).toEqual(operations.toSorted());
  expect(new Set(shown.map((line) => line.split(' ', 1).join()))).toEqual(
    new Set(document.tags.map(({ name }) => name)),
  );
});

test('a key that is typed in executes GET /v5/agents, and is forgotten when the page is loaded anew', async () => {
  const page = await open('/docs');
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  const dialog = page.locator('.modal-ux');
  await dialog.getByLabel('Value:').first().fill(server.key);
  await dialog.getByRole('button', { name: 'Apply credentials' }).first().click();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const operation = page.locator('#operations-agents-agents_list');
  await operation.locator('.opblock-summary-control').click();
  const answered = page.waitForResponse((response) => response.url().includes('/v5/agents'));
  await operation.getByRole('button', { name: 'Execute' }).click();
  expect((await answered).status()).toBe(200);
  await operation.locator('.live-responses-table').getByText('Banking/Teller Agent').waitFor();

  const kept = await page.evaluate(
    'JSON.stringify([localStorage, sessionStorage, document.cookie])',
  );
  expect(kept).not.toContain(server.key);
  await page.reload();
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('.modal-ux').getByLabel('Value:').first().waitFor();
});

test('a link to an operation opens it, and its text can be read in light and in dark', async () => {
  const page = await open('/docs#/provider_keys/provider_keys_list');
  const operation = page.locator('#operations-provider_keys-provider_keys_list');
  await operation.getByRole('button', { name: 'Execute' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/docs/api/console');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const faults = await accessibilityFaults(page);
    expect(faults.filter((fault) => fault.startsWith('color-contrast'))).toEqual([]);
  }
});
