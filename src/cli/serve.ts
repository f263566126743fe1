import { type Platform, startPlatform } from '../compose.ts';
import { readConfig } from '../config.ts';
import { balance, question, tellerAgent } from './teller-agent.ts';

/** Milliseconds after which a stop is no longer waited for. */
const stopTimeoutMs = 4_500;

/** `serve`: runs the server until it is told to stop. */
export async function serveCommand(): Promise<void> {
  const config = readConfig();
  const platform = await startPlatform(config, tellerAgent).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${config.port} is taken, perhaps by another Loopwright. Choose one: PORT=5006 npm start`,
    );
  });
  console.log(greeting(platform, config.apiKey));
  stopOnSignal(platform);
}

function stopOnSignal(platform: Platform): void {
  let isStopping = false;
  const stop = (signal: string) => {
    // Asked twice, it is meant.
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log(`Stopping (${signal}).`);
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    platform.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** What the console shows: where the server is, the key if it was made now, and what to try. */
function greeting({ url, madeKey, isFirstStart }: Platform, givenKey: string | undefined): string {
  const lines = [`Loopwright is listening on ${url}`];
  if (madeKey !== undefined) {
    lines.push('', `Your API key, shown this once: ${madeKey}`);
  }
  const key = madeKey ?? (givenKey === undefined ? 'YOUR_API_KEY' : '$LOOPWRIGHT_API_KEY');
  if (isFirstStart) {
    lines.push(
      '',
      'Call the example agent. It thinks, asks you for a balance, and waits:',
      '',
      curl(url, key, '/v5/agents/call', {
        path: tellerAgent.path,
        messages: [{ role: 'user', content: question }],
        log_id: 'first-run',
      }),
      '',
      'Give it the balance; it goes on and finishes:',
      '',
      curl(url, key, '/v5/agents/continue', {
        log_id: 'first-run',
        messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: balance }],
      }),
      '',
      'Read the whole run back from its log:',
      '',
      `curl ${url}/v5/logs/first-run -H "X-API-KEY: ${key}"`,
    );
  } else if (givenKey === undefined) {
    lines.push('A key, if you have none at hand: npm run create-key');
  }
  lines.push('', 'The same, streamed: npm run demo. Stop with Ctrl-C.');
  return lines.join('\n');
}

function curl(url: string, key: string, path: string, body: unknown): string {
  return [
    `curl ${url}${path} \\`,
    `  -H "X-API-KEY: ${key}" -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}
