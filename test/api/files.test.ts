import { describe, expect, test } from 'vitest';
import type { FileType } from '../../src/contract/kinds/index.ts';
import { fileKinds } from '../../src/files/kinds/index.ts';
import { lookup } from '../support/agents.ts';
import { type Answer, testApp } from '../support/app.ts';
import { environmentIds, fileOfKind } from '../support/files.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const types: readonly FileType[] = fileKinds.map(({ type }) => type);

const pathsOf = (records: Body): string[] => records.map(({ path }: Body) => path);

/** The list that a query answers. */
async function list(query: Record<string, string> | [string, string][] = {}): Promise<Body> {
  const { statusCode, body } = await api.get(`/files?${new URLSearchParams(query)}`);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

const retrieve = (path: unknown, query = '') =>
  api.post(`/files/retrieve-by-path${query}`, { path });

/** A file of each kind at `folder/<type>`, and one more agent and prompt in `folder/sub/deep`. */
async function folderOfAll(folder: string): Promise<void> {
  for (const type of types) await fileOfKind(api, type, `${folder}/${type}`);
  await fileOfKind(api, 'agent', `${folder}/sub/agent`);
  await fileOfKind(api, 'prompt', `${folder}/sub/deep/prompt`);
}

/** An agent or prompt with two versions: the first in production, the second in staging. */
async function twoVersions(collection: 'agents' | 'prompts', path: string): Promise<Body[]> {
  const versions: Body[] = [];
  for (const content of ['First.', 'Second.']) {
    const template = [{ role: 'system', content }];
    versions.push((await api.post(`/${collection}`, { path, model: 'm', template })).body);
  }
  const [first, second] = versions;
  const { body } = await api.get(`/${collection}/${first.id}/environments`);
  const staging = body.find(({ name }: Body) => name === 'staging').id;
  const deployment = `/${collection}/${first.id}/environments/${staging}`;
  const deployed = await api.post(`${deployment}?version_id=${second.version_id}`);
  expect(deployed.statusCode).toBe(200);
  return versions;
}

await folderOfAll('all');
const [agentOne, agentTwo] = await twoVersions('agents', 'versions/agent');
const [promptOne, promptTwo] = await twoVersions('prompts', 'versions/sub/prompt');

test.each(types)(
  'a description of a file of kind %s is changed without a new version',
  async (type) => {
    const file = await fileOfKind(api, type, `described/${type}`);
    const collection = `/${type}s/${file.id}`;
    const details = { description: 'It helps.', tags: ['post', 'old'], readme: '# Read me' };
    expect((await api.patch(collection, details)).body).toMatchObject(details);
    const { body } = await api.patch(collection, { name: 'renamed', tags: [] });
    expect(body).toMatchObject({ ...details, tags: [], path: 'described/renamed' });
    await api.patch(collection, { name: `${type} of before`, description: null });
    const versions = (await api.get(`${collection}/versions`)).body.records;
    expect(versions).toMatchObject([{ description: 'It helps.', version_id: file.versionId }]);
  },
);

describe('a list of files', () => {
  test('has files of every kind, each as its own route shows it', async () => {
    const body = await list({ path: 'all', sort_by: 'name', order: 'asc' });
    expect(body).toMatchObject({ page: 1, size: 10, total: 8 });
    expect(pathsOf(body.records)).toEqual([
      'all/agent',
      'all/sub/agent',
      'all/dataset',
      'all/evaluator',
      'all/flow',
      'all/prompt',
      'all/sub/deep/prompt',
      'all/tool',
    ]);
    for (const record of body.records) {
      const { collection } = fileKinds.find(({ type }) => type === record.type) as Body;
      expect(record).toEqual((await api.get(`/${collection}/${record.id}`)).body);
    }
  });

  test('is of the newest files first, if nothing else is asked for', async () => {
    const { records, total } = await list({ size: '1000' });
    const times = records.map((record: Body) => record.created_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(total).toBe(records.length);
    expect(total).toBeGreaterThanOrEqual(10);
  });

  test('is paged, and past its end it is empty', async () => {
    const query = { path: 'all', sort_by: 'created_at', order: 'asc', size: '3' };
    const whole = pathsOf((await list({ ...query, size: '100' })).records);
    const pages = [];
    for (const page of ['1', '2', '3', '4', '1000000000']) {
      const { records, total } = await list({ ...query, page });
      expect(total).toBe(8);
      pages.push(pathsOf(records));
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 2, 0, 0]);
    expect(pages.flat()).toEqual(whole);
    expect(await list({ path: 'all', size: '0' })).toEqual({
      records: [],
      page: 1,
      size: 0,
      total: 8,
    });
  });

  test('is sorted by the change that its records show', async () => {
    const made = [];
    for (const name of ['x', 'y', 'z']) {
      made.push((await api.post('/agents', { path: `sorted/${name}`, model: 'm' })).body);
    }
    await api.patch(`/agents/${made[1].id}/versions/${made[1].version_id}`, { name: 'named' });
    await api.patch(`/agents/${made[0].id}`, { name: 'w' });
    const { records } = await list({ path: 'sorted', sort_by: 'updated_at' });
    expect(pathsOf(records)).toEqual(['sorted/w', 'sorted/y', 'sorted/z']);
    const times = records.map((record: Body) => record.updated_at);
    expect(times).toEqual([...times].sort().reverse());
    const again = await list({ path: 'sorted', sort_by: 'updated_at', order: 'asc', size: '2' });
    expect(pathsOf(again.records)).toEqual(['sorted/z', 'sorted/y']);
  });

  test('is narrowed to one kind, or to several', async () => {
    for (const type of types) {
      const { records } = await list({ path: 'all', type });
      expect(new Set(records.map((record: Body) => record.type))).toEqual(new Set([type]));
    }
    const query: [string, string][] = [
      ['type', 'prompt'],
      ['type', 'agent'],
      ['type', 'agent'],
      ['path', 'all'],
      ['sort_by', 'name'],
      ['order', 'asc'],
    ];
    const { records, total } = await list(query);
    expect(pathsOf(records)).toEqual([
      'all/agent',
      'all/sub/agent',
      'all/prompt',
      'all/sub/deep/prompt',
    ]);
    expect(total).toBe(4);
  });

  test('is narrowed by part of the name in any case, never by the directory', async () => {
    await fileOfKind(api, 'tool', 'names/50%_Off');
    await fileOfKind(api, 'flow', 'names/50 and off');
    await fileOfKind(api, 'flow', 'names/Ünï');
    const named = async (name: string) => pathsOf((await list({ name })).records);
    expect(await named('0%_O')).toEqual(['names/50%_Off']);
    expect(await named('oFF')).toEqual(['names/50 and off', 'names/50%_Off']);
    expect(await named('%')).toEqual(['names/50%_Off']);
    expect(await named('_')).toEqual(['names/50%_Off']);
    expect(await named('Ün')).toEqual(['names/Ünï']);
    expect(await named('names/')).toEqual([]);
    expect(await named('\\')).toEqual([]);
  });

  test('of a directory has what is in it and below it, and in no other', async () => {
    await fileOfKind(api, 'tool', '100%/a_b/one');
    await fileOfKind(api, 'tool', '100%/a_b/two/deep');
    await fileOfKind(api, 'tool', '100%/axb/other');
    await fileOfKind(api, 'tool', '100%/a_bc/other');
    await fileOfKind(api, 'tool', '100x/a_b/other');
    const below = async (path: string) => pathsOf((await list({ path })).records).sort();
    expect(await below('100%/a_b')).toEqual(['100%/a_b/one', '100%/a_b/two/deep']);
    expect(await below('100%/a_b/two')).toEqual(['100%/a_b/two/deep']);
    expect(await below('100%')).toHaveLength(4);
    await api.post('/directories', { path: '100%/empty' });
    expect(await below('100%/empty')).toEqual([]);
  });

  test('of the root has every file', async () => {
    const { total } = await list();
    expect((await list({ path: '' })).total).toBe(total);
    expect((await list({ path: '/' })).total).toBe(total);
  });

  test('takes a directory with slashes around it', async () => {
    for (const path of ['/all/sub', 'all/sub/', '//all/sub//']) {
      expect((await list({ path })).total).toBe(2);
    }
  });

  test('of a directory that does not exist is refused, in words that clients look for', async () => {
    const nowhere = ['all/nothing', 'All', 'all/agent', 'all/agent/', 'al_', 'all%', '..', 'a//b'];
    for (const path of nowhere) {
      const refused = await api.get(`/files?path=${encodeURIComponent(path)}`);
      expectRefusal(refused, 404);
      expect(refused.body).toMatchObject({
        code: 'directory_not_found',
        detail: `Directory \`${path}\` does not exist`,
      });
    }
  });

  test('shows the version deployed by default, or the newest where none is', async () => {
    const { records } = await list({ path: 'versions', sort_by: 'name', order: 'asc' });
    expect(records.map(({ version_id }: Body) => version_id)).toEqual([
      agentOne.version_id,
      promptOne.version_id,
    ]);
    const path = 'undeployed/agent';
    const first = (await api.post('/agents', { path, model: 'm1' })).body;
    await api.post('/agents', { path, model: 'm2' });
    const { production } = await environmentIds(api, first.id);
    await api.delete(`/agents/${first.id}/environments/${production}`);
    expect((await list({ path: 'undeployed' })).records).toMatchObject([{ model: 'm2' }]);
  });

  test('of an environment has the files deployed there alone, in that version', async () => {
    const staged = await list({ environment: 'staging', sort_by: 'name', order: 'asc' });
    expect(staged.total).toBe(2);
    expect(staged.records).toMatchObject([
      { version_id: agentTwo.version_id, environments: [{ name: 'staging' }] },
      { version_id: promptTwo.version_id, environments: [{ name: 'staging' }] },
    ]);
    const production = await list({ environment: 'production', path: 'versions', order: 'asc' });
    expect(production.records.map(({ version_id }: Body) => version_id)).toEqual([
      agentOne.version_id,
      promptOne.version_id,
    ]);
    expect(await list({ environment: 'development' })).toMatchObject({ records: [], total: 0 });
  });

  test('of an environment is sorted by the change of the version deployed there', async () => {
    const query = { environment: 'staging', sort_by: 'updated_at', size: '1' };
    const { body } = await api.patch(`/agents/${agentTwo.id}/versions/${agentTwo.version_id}`, {
      description: 'Changed last.',
    });
    const { records, total } = await list(query);
    expect(records).toMatchObject([{ id: agentTwo.id, updated_at: body.updated_at }]);
    expect(total).toBe(2);
  });

  test('is narrowed by kind, directory, name and environment at once', async () => {
    const both: [string, string][] = [
      ['type', 'prompt'],
      ['type', 'agent'],
      ['environment', 'staging'],
    ];
    const narrowed = async (...more: [string, string][]) =>
      pathsOf((await list([...both, ...more])).records).sort();
    expect(await narrowed()).toEqual(['versions/agent', 'versions/sub/prompt']);
    expect(await narrowed(['path', 'versions/sub'])).toEqual(['versions/sub/prompt']);
    expect(await narrowed(['path', 'all'])).toEqual([]);
    expect(await narrowed(['path', 'versions'], ['name', 'AGE'])).toEqual(['versions/agent']);
    const tools = { type: 'tool', environment: 'staging', path: 'versions' };
    expect(await list(tools)).toMatchObject({ records: [], total: 0 });
  });

  test('of an environment that does not exist is refused, in words that clients look for', async () => {
    for (const environment of ['nowhere', 'Staging', '', '%']) {
      const refused = await api.get(`/files?environment=${encodeURIComponent(environment)}`);
      expectRefusal(refused, 404);
      expect(refused.body).toMatchObject({
        code: 'environment_not_found',
        detail: `Environment \`${environment}\` does not exist`,
      });
    }
  });

  test('of templates is empty', async () => {
    expect(await list({ template: 'true', page: '2' })).toEqual({
      records: [],
      page: 2,
      size: 10,
      total: 0,
    });
    expect((await list({ template: 'false' })).total).toBeGreaterThan(0);
  });

  test('has texts of agents and prompts only when they are asked for', async () => {
    const plain = await list({ path: 'all' });
    for (const record of plain.records) expect(record.raw_file_content ?? null).toBeNull();
    const { records } = await list({ path: 'all', include_raw_file_content: 'true' });
    expect(records).toHaveLength(8);
    for (const record of records) {
      const { collection } = fileKinds.find(({ type }) => type === record.type) as Body;
      const hasText = record.type === 'agent' || record.type === 'prompt';
      const text = hasText ? (await api.get(`/${collection}/${record.id}/serialize`)).body : null;
      expect(record.raw_file_content ?? null).toBe(text);
    }
  });

  test('has the text of the very version that each record shows', async () => {
    const textsOf = async (query: Record<string, string>) => {
      const options = { path: 'versions', sort_by: 'name', order: 'asc', ...query };
      const { records } = await list({ ...options, include_raw_file_content: 'true' });
      return records.map((record: Body) => record.raw_file_content);
    };
    for (const text of await textsOf({})) expect(text).toContain('First.');
    for (const text of await textsOf({ environment: 'staging' })) expect(text).toContain('Second.');
    const [agent, prompt] = await textsOf({ environment: 'staging' });
    const read = async (collection: string, text: string) =>
      (await api.post(`/${collection}/deserialize`, { [collection.slice(0, -1)]: text })).body;
    expect((await read('agents', agent)).template).toEqual(agentTwo.template);
    expect((await read('prompts', prompt)).template).toEqual(promptTwo.template);
  });

  test('leads a client that pulls page after page to every file once', async () => {
    const pulled: string[] = [];
    for (let page = 1; ; page++) {
      const { records } = await list([
        ['type', 'agent'],
        ['type', 'prompt'],
        ['page', String(page)],
        ['size', '2'],
        ['include_raw_file_content', 'true'],
      ]);
      if (records.length === 0) break;
      for (const record of records) {
        expect(record.raw_file_content).not.toBe('');
        pulled.push(`${record.path}.${record.type}`);
      }
    }
    const agents = (await api.get('/agents?size=1000')).body;
    const prompts = (await api.get('/prompts?size=1000')).body;
    expect(new Set(pulled).size).toBe(pulled.length);
    expect(pulled).toHaveLength(agents.total + prompts.total);
  });

  test('has no file that was deleted, and a moved one where it is now', async () => {
    const gone = (await api.post('/agents', { path: 'moves/gone', model: 'm' })).body;
    const kept = (await api.post('/agents', { path: 'moves/kept', model: 'm' })).body;
    await api.delete(`/agents/${gone.id}`);
    await api.patch(`/directories/${kept.directory_id}`, { path: 'moves 2/there' });
    expect(pathsOf((await list({ path: 'moves 2' })).records)).toEqual(['moves 2/there/kept']);
    expectRefusal(await api.get('/files?path=moves'), 404);
  });

  test.each([
    ['page=0', ['query', 'page']],
    ['size=1001', ['query', 'size']],
    ['type=folder', ['query', 'type', 0]],
    ['type=agent&type=Prompt', ['query', 'type', 1]],
    ['type=', ['query', 'type', 0]],
    ['template=perhaps', ['query', 'template']],
    ['include_raw_file_content=2', ['query', 'include_raw_file_content']],
    ['sort_by=path', ['query', 'sort_by']],
    ['order=up', ['query', 'order']],
    ['path=a&path=b', ['query', 'path']],
    ['name=a&name=b', ['query', 'name']],
    ['environment=a&environment=b', ['query', 'environment']],
  ])('with %s is refused at its place', async (query, loc) => {
    expectRefusal(await api.get(`/files?${query}`), 422, loc);
  });
});

describe('a file by its path', () => {
  test.each(types)('is answered whole: %s', async (type) => {
    const { statusCode, body } = await retrieve(`all/${type}`);
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ path: `all/${type}`, name: type, type });
    const { collection } = fileKinds.find((kind) => kind.type === type) as Body;
    expect(body).toEqual((await api.get(`/${collection}/${body.id}`)).body);
  });

  test('is in the version deployed by default, or in that of an environment', async () => {
    const { body } = await retrieve('versions/agent');
    expect(body).toMatchObject({ version_id: agentOne.version_id, raw_file_content: null });
    const staged = await retrieve('versions/agent', '?environment=staging');
    expect(staged.body.version_id).toBe(agentTwo.version_id);
  });

  test('is in its newest version where none is deployed by default', async () => {
    const path = 'retrieved/undeployed';
    const first = (await api.post('/agents', { path, model: 'm1' })).body;
    await api.post('/agents', { path, model: 'm2' });
    const { production } = await environmentIds(api, first.id);
    await api.delete(`/agents/${first.id}/environments/${production}`);
    expect((await retrieve(path)).body.model).toBe('m2');
  });

  test('has the text of that version, if it is asked for', async () => {
    const query = '?include_raw_file_content=true';
    const first = await retrieve('versions/sub/prompt', query);
    expect(first.body.raw_file_content).toContain('First.');
    const second = await retrieve('versions/sub/prompt', `${query}&environment=staging`);
    expect(second.body.raw_file_content).toContain('Second.');
    const tool = await retrieve('all/tool', query);
    expect(tool.body.raw_file_content ?? null).toBeNull();
  });

  test('shows what it links to, as a list does not', async () => {
    const prompt = await fileOfKind(api, 'prompt', 'linking/prompt');
    const link = { file_id: prompt.id };
    const tools = [{ type: 'file', link }, lookup];
    await api.post('/agents', { path: 'linking/agent', model: 'm', tools });
    const { body } = await retrieve('linking/agent');
    expect(body.tools[0]).toMatchObject({ link, file: { id: prompt.id, type: 'prompt' } });
    const { records } = await list({ path: 'linking', type: 'agent' });
    expect(records[0].tools[0]).toMatchObject({ type: 'file', link });
    expect(records[0].tools[0]).not.toHaveProperty('file');
  });

  test('is found whatever is in its name', async () => {
    for (const path of ['odd names/50%_off', 'odd names/ünï 日本', 'odd names/gpt-4.1', 'o/`t`']) {
      const { id } = await fileOfKind(api, 'flow', path);
      expect((await retrieve(path)).body).toMatchObject({ id, path });
      expect((await retrieve(` ${path} `)).body).toMatchObject({ id, path });
    }
  });

  test('is the file, where a directory has the same path', async () => {
    const { id } = await fileOfKind(api, 'tool', 'same/path');
    await fileOfKind(api, 'tool', 'same/path/inside');
    expect((await retrieve('same/path')).body.id).toBe(id);
    expect((await list({ path: 'same/path' })).total).toBe(1);
  });

  test('is not found where there is none', async () => {
    const deleted = (await api.post('/agents', { path: 'deleted/agent', model: 'm' })).body;
    await api.delete(`/agents/${deleted.id}`);
    for (const path of ['nothing', 'all', 'All/agent', 'all/agent.agent', 'deleted/agent']) {
      for (const query of ['', '?environment=staging', '?environment=nowhere']) {
        const refused = await retrieve(path, query);
        expectRefusal(refused, 404);
        expect(refused.body).toMatchObject({
          code: 'file_not_found',
          detail: `There is no file \`${path}\`.`,
        });
      }
    }
  });

  test('is not found in an environment that has no version of it, or does not exist', async () => {
    const nothing = await retrieve('all/agent', '?environment=staging');
    expectRefusal(nothing, 404);
    expect(nothing.body.code).toBe('nothing_deployed');
    const nowhere = await retrieve('all/agent', '?environment=nowhere');
    expectRefusal(nowhere, 404);
    expect(nowhere.body.detail).toBe('Environment `nowhere` does not exist');
  });

  test.each(['', ' ', '/', '/all/agent', 'all/agent/', 'all//agent', 'all/../agent', 'a\nb'])(
    'is refused where %j can be no path',
    async (path) => {
      expectRefusal(await retrieve(path), 422, ['body', 'path']);
    },
  );

  test.each([
    [{}, ['body', 'path']],
    [{ path: null }, ['body', 'path']],
    [{ path: 5 }, ['body', 'path']],
    [[], ['body']],
  ])('is refused where the body is %j', async (body, loc) => {
    expectRefusal(await api.post('/files/retrieve-by-path', body), 422, loc);
  });

  test('is refused with a query that does not fit', async () => {
    const query = '?include_raw_file_content=yes';
    expectRefusal(await retrieve('all/agent', query), 422, ['query', 'include_raw_file_content']);
    const twice = '?environment=a&environment=b';
    expectRefusal(await retrieve('all/agent', twice), 422, ['query', 'environment']);
  });
});

test('neither list nor retrieval shows anything of another organization', async () => {
  const their = await addOrganization(api, 'the-key-of-the-others');
  const headers = { 'x-api-key': their.apiKey };
  const asThem = (method: 'GET' | 'POST', url: string, body?: object) =>
    send(api, method, `/v5${url}`, body && JSON.stringify(body), headers);
  const made = await asThem('POST', '/agents', { path: 'their folder/secret', model: 'm' });
  expect(made.statusCode).toBe(200);
  const before = await rowCounts(api);
  expect(await list({ name: 'secret' })).toMatchObject({ records: [], total: 0 });
  expectRefusal(await api.get('/files?path=their%20folder'), 404);
  expectRefusal(await api.get('/files?environment=only-theirs'), 404);
  expectRefusal(await retrieve('their folder/secret'), 404);
  expectRefusal(await asThem('POST', '/files/retrieve-by-path', { path: 'all/agent' }), 404);
  expect((await asThem('GET', '/files')).body).toMatchObject({ total: 1 });
  expect(await rowCounts(api)).toEqual(before);
});

test('files are shown to nobody without a key', async () => {
  const keyless = { 'x-api-key': 'wrong' };
  expectRefusal(await send(api, 'GET', '/v5/files', undefined, keyless), 401);
  const url = '/v5/files/retrieve-by-path';
  expectRefusal(await send(api, 'POST', url, '{"path":"all/agent"}', keyless), 401);
});
