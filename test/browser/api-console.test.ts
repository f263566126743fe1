import type { Page } from 'playwright-core';
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
  const listed = new Map<string, string>();
  // Only what is in sight is in the page.
  await expect
    .poll(async () => {
      for (const [id, line] of await operationsInSight(page)) listed.set(id, line);
      await page.mouse.wheel(0, 600);
      return listed.size;
    })
    .toBe(operations.length);
  const shown = [...listed.values()];
  expect(shown.toSorted()).toEqual(operations.toSorted());
  expect(new Set(shown.map((line) => line.split(' ', 1).join()))).toEqual(
    new Set(document.tags.map(({ name }) => name)),
  );
});

/** The operations that are in the page, by the ids of their elements: `agents GET /v5/agents`. */
function operationsInSight(page: Page): Promise<readonly (readonly [string, string])[]> {
  return page.locator('.opblock').evaluateAll((blocks) =>
    blocks.map((block) => {
      const textOf = (selector: string) =>
        block.querySelector(selector)?.textContent?.replaceAll('\u200b', '');
      const [, tag] = block.id.split('-');
      return [
        block.id,
        `${tag} ${textOf('.opblock-summary-method')} ${textOf('.opblock-summary-path, .opblock-summary-path__deprecated')}`,
      ] as const;
    }),
  );
}

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
