import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

// A change of a statement of the hot path shows in review, in hot-statements.sql. `npm test -- -u
// test/api/hot-statements` writes that file anew.

const database = await testDatabase();
/** What is done: statements that the server makes by itself meanwhile are of nobody. */
const underWay = new AsyncLocalStorage<string>();
/** What made each statement, in the order in which they were made first. */
const users = new Map<string, Set<string>>();
/** Keys of providers are looked up once a second, by whatever is done then. */
const cached = /FROM provider_key/;
watchStatements(database);
const api = await testApp({ database });

const agent = scripted([{ content: 'Good day.' }]);
const path = 'hot';

/** Each finds what those before it have made. */
const scenarios: readonly (readonly [title: string, act: () => Promise<unknown>])[] = [
  ['a log', () => api.post('/agents/log', { path, agent, output: 'Made elsewhere.' })],
  ['a call of one turn', () => api.post('/agents/call', { path, agent, messages: hello })],
  ['the same as a stream', () => api.stream('/agents/call', { path, agent, messages: hello })],
  [
    'a call with a result of a tool',
    () => api.post('/agents/call', { path: 'refused', agent: refused, messages: hello }),
  ],
  [
    'a call that is suspended',
    () => api.post('/agents/call', { path: 'asking', agent: asking, messages: hello, log_id: id }),
  ],
  [
    'its continue',
    () => api.post('/agents/continue', { log_id: id, messages: [answerTo('call_1_1', '42')] }),
  ],
  ['its events, read again', () => api.events(id)],
  ['its log, read', () => api.get(`/logs/${id}`)],
  [
    'a call of a linked prompt',
    () => api.post('/agents/call', { path: 'linking', agent: linking, messages: hello }),
  ],
];

const id = 'asking';
const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'It is 42.' }]);
const refused = scripted([{ tool_calls: [callOf('nothing')] }, { content: 'There is none.' }]);

const mock = { provider: 'mock', model: 'mock' };
const { body: linked } = await api.post('/prompts', { path: 'linked', ...mock, template: 'Hi.' });
const linking = scripted([{ tool_calls: [callOf('linked')] }, { content: 'It is said.' }], {
  tools: [{ type: 'file', link: { file_id: linked.id } }],
});

test('the statements of the hot path are those that were reviewed', async () => {
  for (const [title, act] of scenarios) await underWay.run(title, act);
  const sections = [...users].map(
    ([text, titles]) =>
      `-- ${cached.test(text) ? 'once a second' : [...titles].join('; ')}\n${text};\n`,
  );
  await expect(sections.join('\n')).toMatchFileSnapshot('hot-statements.sql');
});

/** Notes the statements that are prepared, on connections that are opened from now on. */
function watchStatements({ pool }: Database): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [text] = args;
      const title = underWay.getStore();
      if (title !== undefined && typeof text === 'string' && text.startsWith('/* hot */')) {
        const statement = dedented(text);
        users.set(statement, (users.get(statement) ?? new Set()).add(title));
      }
      return query(...args);
    }) as typeof client.query;
  });
}

/** A statement without the indentation that it has in the code, so that only what it says counts. */
function dedented(text: string): string {
  const [first = '', ...others] = text.split('\n').map((line) => line.trimEnd());
  const depths = others.filter((line) => line !== '').map((line) => line.search(/\S/));
  const depth = Math.min(...depths);
  return [first, ...others.map((line) => `  ${line.slice(depth)}`)].join('\n');
}
