import { beforeAll, expect, test } from 'vitest';
import { sharedServer } from './shared-server.ts';
import { type Query, requester } from './thin-http.ts';

// The public tool that exports a workspace asks as the functions at the end do: of a directory all
// files, of each its versions, datapoints and logs. It asks for ten pages at once, and so for up to
// ten beyond the last.

const server = await sharedServer();
const send = requester(`${server.url}/v5`, server.key);

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Json = any;

async function post(path: string, body: Record<string, unknown>): Promise<Json> {
  return (await send({ method: 'POST', path, body })).json();
}

const spec = { evaluator_type: 'external', arguments_type: 'target_free', return_type: 'boolean' };
const datapoints = Array.from({ length: 60 }, (_, n) => ({ inputs: { n: `${n}` } }));

beforeAll(async () => {
  await post('prompts', { path: 'Export/Deep/prompt', model: 'one' });
  await post('prompts', { path: 'Export/Deep/prompt', model: 'two', version_name: 'v2' });
  await post('tools', { path: 'Export/tool', function: { name: 't', description: 'A tool.' } });
  await post('datasets', { path: 'Export/dataset', datapoints });
  await post('evaluators', { path: 'Export/evaluator', spec });
  await post('agents', { path: 'Export/agent', model: 'm' });
  await post('prompts', { path: 'outside', model: 'm' });
  const flow = await post('flows/log', { path: 'Export/flow', flow: { attributes: {} } });
  const tool = await post('tools/log', { path: 'Export/tool', trace_parent_id: flow.id });
  await post('evaluators/log', { path: 'Export/evaluator', parent_id: tool.id, judgment: true });
  for (let n = 0; n < 11; n++) await post('agents/log', { path: 'Export/agent', output: `${n}` });
});

test('it exports a directory: files of every kind, also of directories below it', async () => {
  const directories = await get('directories');
  const { id } = directories.find(({ path }: Json) => path === 'Export');
  const files = await exported(id);
  expect(files.map(({ file }) => [file.path, file.type]).toSorted()).toEqual([
    ['Export/Deep/prompt', 'prompt'],
    ['Export/agent', 'agent'],
    ['Export/dataset', 'dataset'],
    ['Export/evaluator', 'evaluator'],
    ['Export/flow', 'flow'],
    ['Export/tool', 'tool'],
  ]);
});

test('it exports the root, which is all files', async () => {
  const directories = await get('directories');
  const { id } = directories.find(({ parent_id }: Json) => parent_id === null);
  expect((await exported(id)).map(({ file }) => file.path)).toContain('outside');
});

test('it exports versions with the environments that they are deployed to', async () => {
  const { versions } = await exportedAt('Export/Deep/prompt');
  const deployments = versions.map(({ model, environments }: Json) => [
    model,
    environments.map(({ id, name, tag }: Json) => ({ id, name, tag })),
  ]);
  expect(deployments).toEqual([
    ['two', []],
    ['one', [{ id: expect.any(String), name: 'production', tag: 'default' }]],
  ]);
});

test('it exports all datapoints of each version', async () => {
  const { datapointsOfVersions } = await exportedAt('Export/dataset');
  expect(datapointsOfVersions).toMatchObject([datapoints]);
});

test('it exports logs, with the logs below them and the judgments about them', async () => {
  const flow = await exportedAt('Export/flow');
  expect(flow.logs).toMatchObject([
    {
      flow: { path: 'Export/flow' },
      trace_children: [
        {
          tool: { path: 'Export/tool' },
          evaluator_logs: [{ judgment: true, evaluator: { path: 'Export/evaluator' } }],
        },
      ],
    },
  ]);
  const agent = await exportedAt('Export/agent');
  expect(agent.logs.map(({ output }: Json) => output)).toEqual(
    Array.from({ length: 11 }, (_, n) => `${10 - n}`),
  );
  expect((await exportedAt('Export/evaluator')).logs).toMatchObject([{ judgment: true }]);
  expect((await exportedAt('Export/dataset')).logs).toEqual([]);
});

async function exportedAt(path: string): Promise<Json> {
  const file = await post('files/retrieve-by-path', { path });
  const [found] = (await exported(file.directory_id)).filter(({ file: { id } }) => id === file.id);
  return found;
}

async function exported(directoryId: string) {
  const { path } = await get(`directories/${directoryId}`);
  const files = await pages('files', { path, size: 100 });
  return Promise.all(
    files.map(async (file: Json) => {
      const { id, type } = file;
      const { records: versions } = await get(`${type}s/${id}/versions`);
      const datapointsOfVersions = await Promise.all(
        (type === 'dataset' ? versions : []).map(async ({ version_id }: Json) => {
          const query = { version_id, size: 1_000 };
          return (await get(`datasets/${id}/datapoints`, query)).records;
        }),
      );
      const logs = await pages('logs', { file_id: id, size: 100, include_trace_children: true });
      return { file, versions, datapointsOfVersions, logs };
    }),
  );
}

async function pages(path: string, query: Query): Promise<Json[]> {
  const found: Json[] = [];
  for (let first = 1; ; first += 10) {
    const asked = Array.from({ length: 10 }, (_, n) => get(path, { ...query, page: first + n }));
    const answers = await Promise.all(asked);
    found.push(...answers.flatMap(({ records }) => records));
    if (answers.at(-1).records.length === 0) return found;
  }
}

async function get(path: string, query?: Query): Promise<Json> {
  return (await send({ method: 'GET', path, query })).json();
}
