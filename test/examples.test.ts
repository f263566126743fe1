import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startFakeProvider } from './fake-provider.ts';
import { freePort } from './mcp-servers.ts';
import { pythonFolder } from './python.ts';
import { testServers } from './server.ts';
import { runInShell, type Settings, startInShell } from './shell.ts';
import { blocksOf, missingPart } from './shown.ts';

const examples = new URL('../examples/', import.meta.url);
const [modelPort, toolsPort] = [await freePort(), await freePort()];
// Nobody else may listen at the ports of the page.
const readme = (await readFile(new URL('README.md', examples), 'utf8'))
  .replaceAll('5006', String(modelPort))
  .replaceAll('5007', String(toolsPort));
const blocks = blocksOf(readme);
const commands = blocks.flatMap(({ language, text }) => (language === 'sh' ? [text.trim()] : []));

const vendors = await startFakeProvider();
afterAll(() => vendors.close());

const servers = testServers();
const start = commands.find((command) => command.endsWith(' npm start')) ?? '';
const dataDir = await servers.newFolder();
// As with the other tests, the snapshot of Python is made once for all.
await mkdir(join(pythonFolder, 'python'), { recursive: true });
await symlink(join(pythonFolder, 'python'), join(dataDir, 'python'));
const server = await servers.start({
  dataDir,
  env: {
    ...Object.fromEntries([...start.matchAll(/(\w+)=(\S+)/g)].map((found) => found.slice(1))),
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

await startInShell(
  commandOf('stand-ins'),
  { MODEL_PORT: String(modelPort), TOOLS_PORT: String(toolsPort) },
  'A server of tools: ',
);

test('the examples’ README has the command of each', async () => {
  const entries = await readdir(examples, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(commands.filter((command) => command.startsWith('npm run')).toSorted()).toEqual(
    names.map((name) => `npm run example ${name}`).toSorted(),
  );
});

test('the support agent is streamed, suspended once and continued, as the README shows', {
  timeout: 60_000,
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
    [2, 'get-structured-content', 'MCP server', '–', '–'],
    [1, 'gpt-4o', 'model call 2', time, second],
    [2, 'calculator', 'Python', time, '–'],
    [1, 'gpt-4o', 'model call 3', time, third],
    [2, 'approve_refund', 'yours', '–', '–'],
    [1, 'gpt-4o', 'model call 4', time, fourth],
  ]);
  expect(calculator).toMatchObject({ output: '7.47', stdout: 'works out 3 * 24.90 * 0.10\n' });
  expect(stdout).toContain(`In all ${dollars(log, classifier)}:`);
});

test('the support agent runs on another model when the environment names one', async () => {
  const { stdout } = await run('support-agent', { MODEL: 'gpt-4o-mini' });
  expect(rowsOf(stdout)).toHaveLength(9);
  expect(stdout.match(/gpt-4o-mini +model call/g)).toHaveLength(4);
});

test('the Python tool answers, and its exception is told', async () => {
  const { stdout } = await run('python-tool');
  expect(stdout).toContain('output: {"mean": 3.875, "median": 3.5, "largest": 9}');
  expect(stdout).toContain('statistics.StatisticsError: mean requires at least one data point');
});

test('one prompt is asked of several providers, and who has no key is told', async () => {
  vendors.respond(({ path }) => ({ text: `a haiku\nby ${path}` }));
  const { stdout } = await run('providers');
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

test('a vendor in trouble makes way for another, as the README shows', async () => {
  const { stdout, shown } = await run('fallbacks');
  expect(missingPart(shown, stdout)).toBe(undefined);
});

test('the costs of two models are those that the README shows', async () => {
  const { stdout, shown } = await run('costs');
  expect(missingPart(shown, stdout)).toBe(undefined);
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

/** Runs the README's command of an example; `shown` is what the README shows below it. */
async function run(name: string, settings: Settings = {}) {
  const command = commandOf(name);
  const below = blocks[blocks.findIndex(({ text }) => text.trim() === command) + 1];
  const { stdout } = await runInShell(command, {
    KEY: server.key,
    BASE_URL: server.url,
    MCP_URL: `http://127.0.0.1:${toolsPort}/mcp`,
    PROVIDER: '',
    MODEL: '',
    ...settings,
  });
  return { stdout, shown: below?.text ?? 'It shows nothing.' };
}

function commandOf(name: string): string {
  const command = commands.find((candidate) => candidate === `npm run example ${name}`);
  if (!command) throw new Error(`The README has no command for ${name}.`);
  return command;
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
