import { existsSync } from 'node:fs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser that tests start. */
    chromiumPath: string;
  }
}

/** Where systems have it. The headless shell is Chromium without its windows: it opens pages a third faster. */
const usualPaths = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Finds a Chromium, or prints one sentence and ends the process.
 *
 * @param chosen the path that CHROMIUM_PATH names, if it is set.
 */
export function chromiumPath(chosen: string | undefined): string {
  const path = chosen || usualPaths.find((usual) => existsSync(usual));
  if (path && existsSync(path)) return path;
  const what = path ? `There is no Chromium at ${path}` : 'There is no Chromium';
  process.stderr.write(
    `${what}: install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to one.\n`,
  );
  process.exit(1);
}
