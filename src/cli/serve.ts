import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { Platform } from '../compose.ts';
import type { Config } from '../config.ts';
import { firstCommands } from '../first-run/first-commands.ts';
import { tellerAgent } from '../first-run/teller-agent.ts';
import { version } from '../kernel/version.ts';
import { serverLogger, startOwnPostgres } from '../own-postgres.ts';
import type { Given } from './command.ts';
import type { serverOptions } from './options.ts';
import { configWith } from './settings.ts';

/** Milliseconds within which Postgres, or the making of its database, is a process of its own. */
const headStartMs = 40;
/** Milliseconds after which a stop is no longer waited for. Containers are given ten seconds. */
const stopTimeoutMs = 8_000;
/** Milliseconds within which two signals are one: npm passes Ctrl-C on to a process that has it. */
const sameSignalMs = 1_000;
/** Milliseconds between two looks for the parent, where that is asked for. */
const parentIntervalMs = 500;

/**
 * `serve`: runs the server until it is told to stop; with `stop-with-parent`, also when the process
 * that started it has ended.
 */
export async function serve(
  given: Given<typeof serverOptions> & { readonly 'stop-with-parent'?: boolean },
): Promise<void> {
  const config = configWith(given);
  const told = new AbortController();
  const starting = startServer(config, told.signal);
  // Before it has started: a Postgres that was left behind half way would go on alone.
  stopWhenTold(starting, told, given['stop-with-parent'] ?? false);
  const platform = await starting.catch((error: unknown) => {
    if (error !== told.signal.reason) throw error;
  });
  if (platform) console.log(greeting(platform, config.apiKey));
}

/** Postgres starts while everything else is loaded: each takes about as long as the other. */
async function startServer(config: Config, signal: AbortSignal): Promise<Platform> {
  const postgres = startOwnPostgres(config, serverLogger(config));
  // Its failure is told when it is waited for.
  postgres.catch(() => undefined);
  // Nothing else happens while modules are loaded, so that it would not even begin before.
  await Promise.race([postgres, sleep(headStartMs)]);
  const { startPlatform } = await import('../compose.ts');
  return startPlatform(config, postgres, { example: tellerAgent, signal });
}

/** @param told aborted when it is told to stop. */
function stopWhenTold(
  starting: Promise<Platform>,
  told: AbortController,
  stopsWithParent: boolean,
): void {
  let stoppingSince: number | undefined;
  const stop = (reason: string) => {
    if (stoppingSince !== undefined) {
      // Asked twice, it is meant.
      if (performance.now() - stoppingSince > sameSignalMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    console.log(`Stopping (${reason}).`);
    told.abort();
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    starting.then(
      (platform) => stopAndExit(platform),
      // Whoever awaits the start says why it failed, and then nothing keeps us from exiting.
      () => undefined,
    );
  };
  // SIGHUP is a terminal that is closed. By default it ends Node at once, with nohup too, and Postgres
  // would stay behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
    process.on(signal, stop);
  if (stopsWithParent) stopWhenOrphaned(() => stop('its parent has ended'));
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
 * A SIGTERM to `npm start` reaches npm and the shell between us, which dies of it and leaves us
 * behind. On Windows the parent is never seen to end.
 */
function stopWhenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentIntervalMs).unref();
}

/** What the console shows: where the server is, the key if it was made now, and what to try. */
function greeting({ url, madeKey, isFirstStart }: Platform, givenKey: string | undefined): string {
  const lines = [
    `Loopwright is listening on ${styleText(['bold', 'cyan'], url)}`,
    `Version ${version}. Open this address in a browser.`,
  ];
  if (madeKey !== undefined) {
    lines.push('', `Your API key, shown this once: ${styleText(['bold', 'yellow'], madeKey)}`);
  }
  if (isFirstStart) {
    const key = madeKey ?? (givenKey === undefined ? 'YOUR_API_KEY' : '$LOOPWRIGHT_API_KEY');
    for (const { title, effect, command } of firstCommands(url, key)) {
      lines.push('', `${title}. ${effect}:`, '', command);
    }
    lines.push('', 'The same, streamed: npm run demo.');
  } else {
    lines.push('', 'See it at work: npm run demo.');
  }
  lines.push(
    'A run as a tree: npm run log -- ID. Another key: npm run create-key.',
    `Docs: ${url}/docs. All commands: npm start -- --help`,
    'Stop with Ctrl-C.',
  );
  return lines.join('\n');
}
