import { fileURLToPath } from 'node:url';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { startBrowser } from '../browser/page.ts';
import type { CommandOptions, Server } from '../support/server.ts';
import { testServers } from '../support/server.ts';
import { claim, type Person } from './people.ts';

/** Where pictures of pages are written, to be looked at. They are not kept. */
const pictures = fileURLToPath(new URL('pictures/', import.meta.url));

/** The web UI on a server of its own, and who looks at it. */
export interface Ui {
  readonly server: Server;
  readonly owner: Person;
  /** Opens a page, as somebody who is signed in. */
  open(path: string, options?: UiOptions): Promise<Page>;
}

interface UiOptions extends BrowserContextOptions {
  readonly expectedError?: RegExp;
  /** Who looks; undefined: the owner. */
  readonly as?: Person;
  readonly isSignedIn?: boolean;
  readonly before?: (context: BrowserContext) => Promise<unknown>;
}

/** The screens on which each page is looked at, and what a browser has there. */
const screens = {
  wide: { viewport: { width: 1440, height: 900 } },
  phone: {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

/** Starts a server with nothing but its owner and the example agent, and a browser, for a test file. */
export async function startUi({ env = {} }: Pick<CommandOptions, 'env'> = {}): Promise<Ui> {
  const servers = testServers();
  const server = await servers.start({ dataDir: await servers.newDataFolder(), env });
  const owner = await claim(server);
  const openPage = await startBrowser(server.url);
  return {
    server,
    owner,
    open: (path, { as = owner, isSignedIn = true, ...options } = {}) =>
      openPage(path, {
        viewport: { width: 1440, height: 900 },
        timezoneId: 'UTC',
        ...(isSignedIn && { storageState: { cookies: [as.cookie], origins: [] } }),
        ...options,
      }),
  };
}

/**
 * A page wide and on a phone, each in light and in dark: accessible, without sideways scroll. A picture
 * of each is written.
 *
 * @param ready waits until the page shows what it should.
 */
export function testLooks(
  name: string,
  { open }: Pick<Ui, 'open'>,
  path: () => string,
  ready: (page: Page) => Promise<unknown>,
  options: UiOptions = {},
): void {
  test.each(Object.entries(screens))(`${name} looks right: %s`, async (screen, look) => {
    const page = await open(path(), { ...options, ...look, colorScheme: 'light' });
    await ready(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => page.evaluate(isDark)).toBe(colorScheme === 'dark');
      await takePicture(page, `${name}-${screen}-${colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
}

const isDark = "document.documentElement.classList.contains('dark')";

/** Does what the open question asks about, and waits until it is done. */
export async function confirm(page: Page, action: string): Promise<void> {
  const asked = page.getByRole('alertdialog');
  await asked.getByRole('button', { name: action, exact: true }).click();
  await expect.poll(() => asked.count()).toBe(0);
}

export async function takePicture(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: `${pictures}${name}.png` });
}
