import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { Config } from '../config.ts';
import { firstCommands } from '../first-run/first-commands.ts';
import { tellerAgent } from '../first-run/teller-agent.ts';
import { version } from '../kernel/version.ts';
import { serverLogger, startOwnPostgres } from '../own-postgres.ts';
import type { Platform } from '../platform.ts';
import type { Given } from './command.ts';
import type { serverOptions } from './options.ts';
import { configWith } from './settings.ts';

/** Milliseconds to wait until the process of Postgres or initdb has been started. */
const headStartMs = 40;
/** Milliseconds after which a stop is aborted. Containers get ten seconds. */
const stopTimeoutMs = 8_000;
/**
 * Milliseconds in which two signals count as one: npm forwards a Ctrl-C that the server gets from
 * the terminal as well.
 */
const sameSignalMs = 1_000;
/** Milliseconds between two checks for the parent process, with `stop-with-parent`. */
const parentIntervalMs = 500;

/**
 * `serve`: runs the server until it gets a signal; with `stop-with-parent`, also until its parent
 * process ends.
 */
export async function serve(
  given: Given<typeof serverOptions> & { readonly 'stop-with-parent'?: boolean },
): Promise<void> {
  const config = configWith(given);
  const stopRequest = new AbortController();
  const starting = startServer(config, stopRequest.signal);
  // Before the start: a signal during the start must not leave Postgres behind, running alone.
  stopOnSignal(starting, stopRequest, given['stop-with-parent'] ?? false);
  const platform = await starting.catch((error: unknown) => {
    if (error !== stopRequest.signal.reason) throw error;
  });
  if (platform) console.log(greeting(platform, config.apiKey));
}

/** Starts Postgres while the modules are loaded; both take about the same time. */
async function startServer(config: Config, signal: AbortSignal): Promise<Platform> {
  const postgres = startOwnPostgres(config, serverLogger(config));
  // A failure is reported when it is awaited below; until then it must not count as unhandled.
  postgres.catch(() => undefined);
  // Wait first, because loading modules blocks the process, and Postgres would not even be started.
  await Promise.race([postgres, sleep(headStartMs)]);
  const { startPlatform } = await import('../platform.ts');
  return startPlatform(config, postgres, { example: tellerAgent, signal });
}

/** @param stopRequest its signal is aborted when the server should stop. */
function stopOnSignal(
  starting: Promise<Platform>,
  stopRequest: AbortController,
  stopsWithParent: boolean,
): void {
  let stoppingSince: number | undefined;
  const stop = (reason: string) => {
    if (stoppingSince !== undefined) {
      // The user asked twice, so exit at once.
      if (performance.now() - stoppingSince > sameSignalMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    console.log(`Stopping (${reason}).`);
    stopRequest.abort();
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    starting.then(
      (platform) => stopAndExit(platform),
      // The caller that awaits the start reports its failure; then nothing keeps the process alive.
      () => undefined,
    );
  };
  // SIGHUP means that the terminal was closed. By default it ends Node at once, even under nohup,
  // and Postgres would stay behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
    process.on(signal, stop);
  if (stopsWithParent) stopWhenOrphaned(() => stop('its parent process has ended'));
}

async function stopAndExit(platform: Platform): Promise<void> {
  try {
    await platform.stop();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

/**
 * A SIGTERM to `npm start` reaches npm and its shell, which dies without passing it on, so we watch
 * for its end. On Windows the end of a parent cannot be seen.
 */
function stopWhenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentIntervalMs).unref();
}

/**
 * The console output of a start: the server's address, a key that was made now, and what to try
 * next.
 */
function greeting(
  { url, madeKey, setupUrl, isFirstStart }: Platform,
  givenKey: string | undefined,
): string {
  const lines = [
    `Loopwright is listening on ${styleText(['bold', 'cyan'], url)}`,
    `Version ${version}. Open this address in a browser.`,
  ];
  if (madeKey !== undefined) {
    lines.push('', `Your API key (shown only once): ${styleText(['bold', 'yellow'], madeKey)}`);
  }
  if (setupUrl !== undefined) {
    lines.push(
      '',
      `Set up: ${styleText('bold', setupUrl)}`,
      'Whoever opens this link becomes the owner. It works once, for a day.',
    );
  }
  if (isFirstStart) {
    const key = madeKey ?? (givenKey === undefined ? 'YOUR_API_KEY' : '$LOOPWRIGHT_API_KEY');
    for (const { title, effect, command } of firstCommands(url, key)) {
      lines.push('', `${title}. ${effect}:`, '', command);
    }
    lines.push('', 'See the same run as a stream: npm run demo.');
  } else {
    lines.push('', 'See the server at work: npm run demo.');
  }
  lines.push(
    'Show a run as a tree: npm run log -- ID. Create another key: npm run create-key.',
    `Docs: ${url}/docs. All commands: npm start -- --help`,
    'Stop with Ctrl-C.',
  );
  return lines.join('\n');
}
