import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startFakeOpenAi } from '../examples/stand-ins/fake-openai.ts';
import { startFakeProvider } from './support/fake-provider.ts';
import { blocksOf, missingPart } from './support/markdown-blocks.ts';
import { isRunning } from './support/processes.ts';
import { postgresPid, testServers } from './support/server.ts';
import { runInShell, type Settings, startInShell } from './support/shell.ts';

const examples = new URL('../examples/', import.meta.url);
const blocks = blocksOf(await readFile(new URL('README.md', examples), 'utf8'));
const commands = blocks.flatMap(({ language, text }) => (language === 'sh' ? [text.trim()] : []));

const openAi = await startFakeOpenAi();
afterAll(() => openAi.stop());
const vendors = await startFakeProvider();
afterAll(() => vendors.close());

/** What an example is told that is told nothing, whatever is set on this machine. */
const alone = { BASE_URL: '', KEY: '', OPENAI_API_KEY: '', MCP_URL: '', PROVIDER: '', MODEL: '' };

const servers = testServers();
const dataDir = await servers.newDataFolder();
const server = await servers.start({
  dataDir,
  env: {
    LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    OPENAI_API_KEY: 'a-key',
    OPENAI_BASE_URL: openAi.url,
    ANTHROPIC_API_KEY: 'a-key',
    ANTHROPIC_BASE_URL: `${vendors.url}/v1`,
    GOOGLE_API_KEY: 'a-key',
    GOOGLE_BASE_URL: `${vendors.url}/v1beta`,
    GROQ_API_KEY: 'a-key',
    GROQ_BASE_URL: `${vendors.url}/openai/v1`,
    DEEPSEEK_API_KEY: 'a-key',
    DEEPSEEK_BASE_URL: `${vendors.url}/deepseek`,
  },
});

const names = (await readdir(examples)).filter((name) =>
  existsSync(new URL(`${name}/main.ts`, examples)),
);

test('the examples’ README has the command of each', () => {
  expect(commands.toSorted()).toEqual(names.map((name) => `npm run example ${name}`).toSorted());
});

test('an example runs by itself, without a key, as the README shows', {
  timeout: 120_000,
}, async () => {
  // The colours that its server would print must not get into the address.
  const { stdout, stderr, shown } = await runAlone('support-agent', { FORCE_COLOR: '1' });
  expect(missingPart(shown, stdout)).toBe(undefined);
  expect(stderr).toContain('A stand-in answers in place of OpenAI.');
});

test.each(['costs', 'fallbacks', 'gate', 'python-tool', 'replay', 'reviews', 'trajectories'])(
  '%s runs on a server that it is given, as the README shows',
  { timeout: 120_000 },
  async (name) => {
    const { stdout, stderr, shown } = await run(name);
    expect(missingPart(shown, stdout)).toBe(undefined);
    expect(stderr).toBe('');
  },
);

test('an example that is interrupted leaves nothing behind', { timeout: 120_000 }, async () => {
  const folder = await servers.newFolder();
  const { group, ended } = startInShell('npm run example support-agent', {
    ...alone,
    TMPDIR: folder,
  });
  // Others have files of their own there, such as npm.
  const dataFolders = async () =>
    (await readdir(folder)).filter((name) => name.startsWith('loopwright-'));
  const postgres = async () => {
    const [data = ''] = await dataFolders();
    return postgresPid(join(folder, data));
  };
  await expect.poll(postgres, { timeout: 120_000 }).toEqual(expect.any(Number));
  const pid = await postgres();
  process.kill(-group, 'SIGINT');
  expect(await ended).not.toBe(0);
  await expect.poll(() => isRunning(pid)).toBe(false);
  await expect.poll(dataFolders).toEqual([]);
});

test('a key for OpenAI is used', async () => {
  const asked = vendors.requests.length;
  vendors.respond(() => ({ text: 'by the vendor' }));
  const { stdout, stderr } = await runAlone('fallbacks', {
    OPENAI_API_KEY: 'a-key-of-mine',
    OPENAI_BASE_URL: `${vendors.url}/v1`,
  });
  expect(stderr).toContain('It calls OpenAI with your key.');
  expect(stdout).toContain('by the vendor');
  expect(vendors.requests.slice(asked).map(({ headers }) => headers.authorization)).toEqual([
    'Bearer a-key-of-mine',
  ]);
});

test('the trace that the support agent prints is that of its log', {
  timeout: 120_000,
}, async () => {
  const { stdout, shown } = await run('support-agent');
  expect(missingPart(shown, stdout)).toBe(undefined);
  const events = [...stdout.matchAll(/^(agent|tool)\w+/gm)].map(([type]) => type);
  expect(events.filter((type) => type.startsWith('agent_turn'))).toEqual([
    'agent_turn_start',
    'agent_turn_suspend',
    'agent_turn_continue',
    'agent_turn_end',
  ]);

  const { body: files } = await server.get('/v5/agents?name=Agent&size=100');
  const agent = files.records.find(
    ({ path }: { path: string }) => path === 'Examples/Support/Agent',
  );
  const { body } = await server.get(`/v5/logs?file_id=${agent.id}&include_trace_children=true`);
  const [log] = body.records;
  expect(body.total).toBe(1);
  const [classifier, calculator] = log.trace_children;
  const [first, second, third, fourth] = log.turns.map(
    ({ input_tokens: prompt_tokens, ...turn }: Turn) => priced({ prompt_tokens, ...turn }),
  );
  const time = expect.stringMatching(/^\d+\.\d{3} s$/);
  expect(rowsOf(stdout)).toEqual([
    [0, 'Examples/Support/Agent', 'agent', time, priced(log)],
    [1, 'gpt-4o', 'model call 1', time, first],
    [2, 'classifier', 'prompt', time, priced(classifier)],
    [2, 'get_weather', 'MCP server', '–', '–'],
    [1, 'gpt-4o', 'model call 2', time, second],
    [2, 'calculator', 'Python', time, '–'],
    [1, 'gpt-4o', 'model call 3', time, third],
    [2, 'approve_refund', 'yours', '–', '–'],
    [1, 'gpt-4o', 'model call 4', time, fourth],
  ]);
  expect(calculator).toMatchObject({ output: '7.47', stdout: 'works out 3 * 24.90 * 0.10\n' });
  expect(stdout).toContain(`Total: ${dollars(log, classifier)} for the model calls`);
});

test('the support agent runs on another model when the environment names one', async () => {
  const { stdout } = await run('support-agent', { MODEL: 'gpt-4o-mini' });
  expect(rowsOf(stdout)).toHaveLength(9);
  expect(stdout.match(/gpt-4o-mini +model call/g)).toHaveLength(4);
});

test('one prompt is asked of several providers, and who has no key is told', async () => {
  vendors.respond(({ path }) => ({ text: `a haiku\nby ${path}` }));
  const { stdout, shown } = await run('providers');
  expect(missingPart(shown, stdout)).toBe(undefined);
  const answers = Object.fromEntries(
    stdout.split('\n\n').flatMap((text) => {
      const [, provider = '', answer] = /^(\w+): [\w/.-]+\n([\s\S]+)/m.exec(text) ?? [];
      return answer ? [[provider, answer]] : [];
    }),
  );
  const paid = (more: string) =>
    expect.stringMatching(new RegExp(`^  \\S+ s, .+ tokens, \\$0\\.000\\d+\\n  ${more}`));
  expect(answers).toEqual({
    openai: paid('Rows keep'),
    anthropic: paid('a haiku\n  by /v1/messages'),
    google: paid('a haiku\n  by /v1beta/models/gemini-2.5-flash'),
    groq: paid('a haiku\n  by /openai/v1/chat'),
    deepseek: paid('a haiku\n  by /deepseek/chat'),
    cohere: expect.stringContaining('There is no API key for Cohere.'),
    mock: expect.stringMatching(/tokens, no price\n {2}The prompt says: Write a haiku/),
  });
});

test('an example that cannot run says why in a sentence', async () => {
  const said = (name: string, settings: Settings) =>
    run(name, settings).then(
      () => 'nothing',
      (error: { stderr: string }) => error.stderr.trim().split('\n').at(-1),
    );
  expect(await said('costs', { KEY: 'not a key' })).toBe('This API key is not valid.');
  expect(await said('costs', { BASE_URL: 'http://127.0.0.1:9' })).toBe(
    'No server answers at http://127.0.0.1:9. Start it with npm start.',
  );
});

test('an example that does not exist is answered with those that do', async () => {
  const said = runAlone('agent').then(
    () => 'nothing',
    (error: { stderr: string }) => error.stderr,
  );
  expect(await said).toContain(`The examples are ${names.join(', ')}.`);
});

/** Runs an example on the server of this file. */
function run(name: string, settings: Settings = {}) {
  return runAlone(name, { KEY: server.key, BASE_URL: server.url, ...settings });
}

/** Runs an example as its README says; `shown` is what the README shows below the command. */
async function runAlone(name: string, settings: Settings = {}) {
  const command = `npm run example ${name}`;
  const below = blocks[blocks.findIndex(({ text }) => text.trim() === command) + 1];
  const { stdout, stderr } = await runInShell(command, { ...alone, ...settings });
  return { stdout, stderr, shown: below?.text ?? 'It shows nothing.' };
}

interface ModelCall {
  readonly prompt_tokens: number;
  readonly output_tokens: number;
  readonly prompt_cost: number;
  readonly output_cost: number;
}

type Turn = Omit<ModelCall, 'prompt_tokens'> & { readonly input_tokens: number };

/** What it cost, as it is printed: by the price of gpt-4o, 2.5 and 10 dollars for a million tokens. */
function priced(call: ModelCall): string {
  expect(call.prompt_cost).toBeCloseTo(call.prompt_tokens * 2.5e-6, 9);
  expect(call.output_cost).toBeCloseTo(call.output_tokens * 1e-5, 9);
  return dollars(call);
}

const dollars = (...calls: readonly ModelCall[]) =>
  `$${calls.reduce((sum, call) => sum + (call.prompt_cost + call.output_cost), 0).toFixed(6)}`;

/** The rows of a printed trace: depth, name, who, time, cost. */
function rowsOf(text: string) {
  const rows = text.matchAll(/^([ │├└─]*)(\S+) {2,}(.+?) {2,}(–|\S+ s) +(–|\$\S+)/gm);
  return [...rows].map(([, lead = '', ...columns]) => [lead.length / 3, ...columns]);
}
