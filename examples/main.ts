import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { startOwnServer } from './own-server.ts';
import { startFakeOpenAi } from './stand-ins/fake-openai.ts';
import { startToolServer } from './stand-ins/tool-server.ts';

// `npm run example <name>` runs the `main.ts` in the folder with that name, and starts what it
// needs.

/** How to stop the parts that were started, in the order of their starts. */
const steps: (() => void | Promise<void>)[] = [];
let isInterrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Ctrl-C arrives twice: from the terminal, and forwarded by npm.
  process.on(signal, () => {
    if (isInterrupted) return;
    isInterrupted = true;
    void stop().finally(() => process.exit(1));
  });
}
try {
  // The example's server reads this file too. Variables that are set already are kept.
  if (existsSync('.env')) process.loadEnvFile('.env');
  const name = await chooseExample(process.argv[2]);
  process.env['MCP_URL'] ||= await toolServer();
  if (!process.env['BASE_URL']) await loopwright();
  await import(`./${name}/main.ts`);
} catch (error) {
  // After an interruption, the example only fails because its server was stopped.
  if (!isInterrupted) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stop();
}

async function chooseExample(given = ''): Promise<string> {
  const entries = await readdir(import.meta.dirname);
  const names = entries.filter((entry) => existsSync(`${import.meta.dirname}/${entry}/main.ts`));
  if (names.includes(given)) return given;
  throw new Error(
    `Give the name of an example: npm run example <name>\nThe examples are ${names.join(', ')}.`,
  );
}

async function toolServer(): Promise<string> {
  const { url, stop } = await startToolServer();
  steps.push(stop);
  return url;
}

/** Starts a Loopwright for the example. Without an OpenAI key, a stand-in replaces OpenAI. */
async function loopwright(): Promise<void> {
  const openAi = process.env['OPENAI_API_KEY'] ? undefined : await startFakeOpenAi();
  if (openAi) steps.push(openAi.stop);
  console.error(
    'This example starts its own Loopwright server. ' +
      (openAi ? 'A stand-in answers in place of OpenAI.\n' : 'It calls OpenAI with your key.\n'),
  );
  const { url, key, stop } = await startOwnServer({
    ...(openAi && { OPENAI_API_KEY: 'stand-in', OPENAI_BASE_URL: openAi.url }),
    LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: ['127.0.0.1', process.env['LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS']]
      .filter(Boolean)
      .join(','),
  });
  steps.push(stop);
  process.env['BASE_URL'] = await url;
  process.env['KEY'] = key;
}

/** Stops what was started, the last part first. Safe to call twice. */
async function stop(): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}
