import { beforeAll, expect, test } from 'vitest';
import { sharedServer } from './shared-server.ts';
import { type Query, requester } from './thin-http.ts';

// The published Python client pulls prompts and agents into a folder, as the function at the end
// does, and sends their texts in place of their fields.

const server = await sharedServer();
const send = requester(`${server.url}/v5`, server.key);

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Json = any;

async function post(path: string, body: Record<string, unknown>): Promise<Json> {
  return (await send({ method: 'POST', path, body })).json();
}

async function get(path: string, query?: Query): Promise<Json> {
  return (await send({ method: 'GET', path, query })).json();
}

const ofBank = [
  'Bank/Deep/gpt-4.1.prompt',
  'Bank/least agent.agent',
  'Bank/least.prompt',
  'Bank/teller.agent',
];

beforeAll(async () => {
  const template = [{ role: 'system', content: 'You help customers of {{bank}}.' }];
  await post('prompts', { path: 'Bank/least', model: 'm' });
  await post('agents', { path: 'Bank/least agent', model: 'm' });
  await post('prompts', { path: 'Bank/Deep/gpt-4.1', model: 'gpt-4.1', template });
  await post('tools', { path: 'Bank/tool', attributes: {} });
  await post('prompts', { path: 'outside', model: 'm' });
  const path = 'Bank/teller';
  const { id } = await post('agents', { path, model: 'one', template });
  const { version_id } = await post('agents', { path, model: 'two', template });
  const environments = await get(`agents/${id}/environments`);
  const staging = environments.find(({ name }: Json) => name === 'staging');
  await send({
    method: 'POST',
    path: `agents/${id}/environments/${staging.id}`,
    query: { version_id },
  });
});

test('it pulls all prompts and agents, and nothing else, each with a text', async () => {
  const pulled = await pull();
  expect([...pulled.keys()].toSorted()).toEqual([...ofBank, 'outside.prompt'].toSorted());
  for (const text of pulled.values()) expect(text).toMatch(/^---\nmodel: \S+\n/);
});

test('it pulls those of one directory, with those of the directories below it', async () => {
  expect([...(await pull('Bank')).keys()].toSorted()).toEqual(ofBank);
  expect([...(await pull('Bank/Deep')).keys()]).toEqual(['Bank/Deep/gpt-4.1.prompt']);
});

test('it pulls one file, which it names with an ending, in any case', async () => {
  expect([...(await pull('Bank/teller.agent')).keys()]).toEqual(['Bank/teller.agent']);
  expect([...(await pull('Bank/Deep/gpt-4.1.PROMPT')).keys()]).toEqual([
    'Bank/Deep/gpt-4.1.prompt',
  ]);
});

test('it pulls the versions of an environment, of those that have one there', async () => {
  const pulled = await pull(undefined, 'staging');
  expect([...pulled.keys()]).toEqual(['Bank/teller.agent']);
  expect(pulled.get('Bank/teller.agent')).toContain('model: two\n');
  expect((await pull('Bank/teller.agent')).get('Bank/teller.agent')).toContain('model: one\n');
  expect((await pull('Bank/teller.agent', 'staging')).get('Bank/teller.agent')).toContain(
    'model: two\n',
  );
});

test.each([
  ['Nowhere', undefined, 'Directory `Nowhere` does not exist'],
  ['Bank/teller', undefined, 'Directory `Bank/teller` does not exist'],
  [undefined, 'nowhere', 'Environment `nowhere` does not exist'],
  ['Bank/teller.agent', 'nowhere', 'Environment `nowhere` does not exist'],
])('what is not there is an error: path %s, environment %s', async (path, environment, detail) => {
  await expect(pull(path, environment)).rejects.toMatchObject({ status: 404, body: { detail } });
});

test('a file that is not there is an error as well', async () => {
  await expect(pull('Bank/none.prompt')).rejects.toMatchObject({ status: 404 });
  await expect(pull('Bank/least.prompt', 'staging')).rejects.toMatchObject({ status: 404 });
});

test('a text that was pulled is the version that it came from; changed, it is a new one', async () => {
  const text = (await pull('Bank/teller.agent')).get('Bank/teller.agent') ?? '';
  const file = await post('files/retrieve-by-path', { path: 'Bank/teller' });
  const log = async (agent: string) => post('agents/log', { path: 'Bank/teller', agent });
  expect((await log(text)).version_id).toBe(file.version_id);
  const changed = await log(text.replace('customers', 'all customers'));
  expect(changed.agent_id).toBe(file.id);
  expect(changed.version_id).not.toBe(file.version_id);
});

test('a text at a path where there is nothing makes a file', async () => {
  const text = (await pull('Bank/least.prompt')).get('Bank/least.prompt') ?? '';
  const { prompt_id: id } = await post('prompts/log', { path: 'Local/made', prompt: text });
  expect((await pull('Local/made.prompt')).get('Local/made.prompt')).toBe(text);
  expect(id).toMatch(/^pr_/);
});

/** Pulls files; answers their texts by their names. */
async function pull(path?: string, environment?: string): Promise<ReadonlyMap<string, string>> {
  const pulled = new Map<string, string>();
  const write = ({ path, type, raw_file_content: text }: Json) => {
    if (!text) throw new Error(`There is no text of ${path}.`);
    pulled.set(`${path}.${type}`, text);
  };
  const shown = { include_raw_file_content: true, environment };
  if (path !== undefined && /\.(prompt|agent)$/i.test(path)) {
    const body = { path: path.replace(/\.\w+$/, '') };
    const request = { method: 'POST', path: 'files/retrieve-by-path', query: shown, body } as const;
    write(await (await send(request)).json());
    return pulled;
  }
  for (let page = 1; ; page++) {
    const query = { ...shown, type: ['prompt', 'agent'], page, size: 100, path };
    const { records } = await get('files', query);
    if (records.length === 0) return pulled;
    records.forEach(write);
  }
}
