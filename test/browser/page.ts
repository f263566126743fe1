import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, expect, inject } from 'vitest';

/** Headless, as root too, and without the requests that a browser makes for itself. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens pages for a test file. */
export type OpenPage = (
  path: string,
  options?: BrowserContextOptions & {
    /** What the console may say without failing the test. */
    readonly expectedError?: RegExp;
    /** Called before the page is loaded. */
    readonly before?: (context: BrowserContext) => Promise<unknown>;
  },
) => Promise<Page>;

/**
 * Starts a browser for a test file. After each test its pages are closed, and the test fails if one of
 * them asked another server than this one, broke its content policy, or put an error in the console.
 */
export async function startBrowser(serverUrl: string): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: flags,
  });
  let problems: string[] = [];

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const found = problems;
    problems = [];
    expect(found).toEqual([]);
  });
  afterAll(() => browser.close());

  return async (path, { expectedError, before, ...options } = {}) => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: serverUrl });
    context.setDefaultTimeout(40_000);
    await context.addInitScript(tellViolations);
    await before?.(context);
    context.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== serverUrl)
        problems.push(`Asked ${request.url()}`);
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      const isProblem = ['error', 'warning'].includes(message.type());
      if (isProblem && !expectedError?.test(message.text())) problems.push(message.text());
    });
    await page.goto(`${serverUrl}${path}`);
    return page;
  };
}

/** Runs in each page before anything else. A violation that a script catches is none in the console. */
const tellViolations = `addEventListener('securitypolicyviolation', (violation) =>
  console.error('Content policy: ' + violation.violatedDirective + ' ' + violation.blockedURI));`;
