import { describe, expect, test } from 'vitest';
import { fileKinds } from '../../src/files/kinds/index.ts';
import { type Answer, testApp } from '../support/app.ts';
import { agentVersions, environmentIds, fileOfKind } from '../support/files.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();
const root = (await api.get('/directories')).body[0];

type Body = Answer['body'];

/** Makes a directory; answers it. */
async function directory(path: string): Promise<Body> {
  const { statusCode, body } = await api.post('/directories', { path });
  expect(statusCode, JSON.stringify(body)).toBe(201);
  return body;
}

const agentAt = async (path: string): Promise<Body> =>
  (await api.post('/agents', { path, model: 'm' })).body;

const get = async (id: string): Promise<Body> => (await api.get(`/directories/${id}`)).body;
const pathsOf = (records: Body): string[] => records.map(({ path }: Body) => path);

/** Paths of all files and directories (these with a slash at the end) at a path and below it. */
async function treeAt(path: string): Promise<string[]> {
  const { rows } = await api.database.pool.query<{ path: string }>(
    `SELECT path || '/' AS path FROM directory UNION ALL
    SELECT path FROM file WHERE deleted_at IS NULL`,
  );
  return rows
    .map((row) => row.path)
    .filter((at) => at.startsWith(`${path}/`))
    .sort();
}

/** Files and directories whose path is not that of the directory they are in, with their name. */
async function astray(): Promise<readonly unknown[]> {
  const { rows } = await api.database.pool.query(
    `SELECT x.path, x.name, d.path AS directory FROM (
      SELECT path, name, directory_id AS above, organization_id FROM file WHERE deleted_at IS NULL
      UNION ALL SELECT path, name, parent_id, organization_id FROM directory WHERE path <> '') x
    LEFT JOIN directory d ON d.organization_id = x.organization_id AND d.id = x.above
    WHERE d.id IS NULL OR x.path <> CASE d.path WHEN '' THEN '' ELSE d.path || '/' END || x.name`,
  );
  return rows;
}

describe('making one', () => {
  test('by its path makes those above it, too', async () => {
    const { statusCode, body } = await api.post('/directories', { path: 'new/with spaces/Ünï' });
    expect(statusCode).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^dir_[0-9a-z]{26}$/),
      parent_id: expect.stringMatching(/^dir_/),
      name: 'Ünï',
      description: null,
      path: 'new/with spaces/Ünï',
      readme: null,
      tags: [],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      updated_at: body.created_at,
    });
    const above = await get(body.parent_id);
    expect(above).toMatchObject({ path: 'new/with spaces', subdirectories: [body] });
    expect(pathsOf(above.parents)).toEqual(['', 'new']);
  });

  test('by its name puts it into its parent, or into the root', async () => {
    const parent = await api.post('/directories', { name: ' by name ' });
    expect(parent.body).toMatchObject({ path: 'by name', name: 'by name', parent_id: root.id });
    const child = await api.post('/directories', { name: 'child', parent_id: parent.body.id });
    expect(child).toMatchObject({
      statusCode: 201,
      body: { path: 'by name/child', parent_id: parent.body.id },
    });
  });

  test('where there is one is refused, whoever made it', async () => {
    const made = await agentAt('made by a file/agent');
    for (const body of [{ path: 'made by a file' }, { name: 'made by a file' }]) {
      const taken = await api.post('/directories', body);
      expectRefusal(taken, 409);
      expect(taken.body).toMatchObject({
        code: 'directory_exists',
        detail: 'There is already a directory at `made by a file`.',
      });
    }
    expect((await get(made.directory_id)).files).toHaveLength(1);
  });

  test('at the path of a file is fine: the two are told apart', async () => {
    const file = await agentAt('twins/both');
    const made = await directory('twins/both');
    const inside = await agentAt('twins/both/inside');
    expect(inside.directory_id).toBe(made.id);
    expect(pathsOf((await get(file.directory_id)).files)).toEqual(['twins/both']);
    expect(pathsOf((await get(file.directory_id)).subdirectories)).toEqual(['twins/both']);
  });

  test.each([
    [{}, ['body']],
    [{ path: null, name: null, parent_id: null }, ['body']],
    [{ parent_id: root.id }, ['body', 'name']],
    [{ path: 'a', name: 'b' }, ['body', 'path']],
    [{ path: 'a', parent_id: root.id }, ['body', 'path']],
    [{ path: '' }, ['body', 'path']],
    [{ path: '/a' }, ['body', 'path']],
    [{ path: 'a/' }, ['body', 'path']],
    [{ path: 'a//b' }, ['body', 'path']],
    [{ path: 'a/../b' }, ['body', 'path']],
    [{ path: 'a\nb' }, ['body', 'path']],
    [{ path: 'x'.repeat(256) }, ['body', 'path']],
    [{ path: Array(65).fill('x').join('/') }, ['body', 'path']],
    [{ path: Array(30).fill('x'.repeat(100)).join('/') }, ['body', 'path']],
    [{ path: 5 }, ['body', 'path']],
    [{ name: '' }, ['body', 'name']],
    [{ name: 'a/b' }, ['body', 'name']],
    [{ name: '..' }, ['body', 'name']],
    [{ name: ['a'] }, ['body', 'name']],
    [{ name: 'a', parent_id: 7 }, ['body', 'parent_id']],
  ])('with %j is refused at its place', async (body, loc) => {
    const before = await rowCounts(api);
    expectRefusal(await api.post('/directories', body), 422, loc);
    expect(await rowCounts(api)).toEqual(before);
  });

  test.each([
    ['', 'The name is empty.'],
    ['a/b', 'A name must not contain a slash.'],
    ['..', 'A name must not have `.` or `..` as a segment.'],
    ['x'.repeat(256), 'A name can have at most 255 characters.'],
  ])('whose name is %j is told what is wrong with a name', async (name, sentence) => {
    const { body } = await api.post('/directories', { name });
    expect(body.detail[0].msg).toBe(sentence);
  });

  test('in a directory that is not there is refused', async () => {
    const before = await rowCounts(api);
    for (const parent_id of ['dir_none', '']) {
      const refused = await api.post('/directories', { name: 'x', parent_id });
      expectRefusal(refused, 404);
      expect(refused.body).toMatchObject({
        code: 'directory_not_found',
        detail: `Directory \`${parent_id}\` does not exist`,
      });
    }
    expect(await rowCounts(api)).toEqual(before);
  });

  test('at once in many requests makes it once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api.post('/directories', { path: 'made/at/once' })),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await treeAt('made')).toEqual(['made/', 'made/at/', 'made/at/once/']);
  });
});

describe('reading', () => {
  test('lists every directory, the root first and each before those in it', async () => {
    await directory('listed/b/c');
    await directory('listed/a');
    const { statusCode, body } = await api.get('/directories');
    expect(statusCode).toBe(200);
    expect(body[0]).toMatchObject({ id: root.id, parent_id: null, name: '', path: '' });
    expect(pathsOf(body).filter((path) => path.startsWith('listed'))).toEqual([
      'listed',
      'listed/a',
      'listed/b',
      'listed/b/c',
    ]);
  });

  test('the root shows what is in it and in nothing else', async () => {
    const file = await agentAt('at the top');
    expect(file.directory_id).toBe(root.id);
    const body = await get(root.id);
    expect(body).toMatchObject({ id: root.id, parent_id: null, path: '', parents: [] });
    expect(pathsOf(body.files)).toContain('at the top');
    expect(body.files.every(({ path }: Body) => !path.includes('/'))).toBe(true);
    expect(body.subdirectories.every(({ parent_id }: Body) => parent_id === root.id)).toBe(true);
  });

  test('`root` is the root, wherever the id of a directory is taken', async () => {
    expect(await get('root')).toEqual(await get(root.id));
    const made = await api.post('/directories', { name: 'by alias', parent_id: 'root' });
    expect(made.body).toMatchObject({ path: 'by alias', parent_id: root.id });
    const below = await directory('by alias/below');
    const up = await api.patch(`/directories/${below.id}`, { parent_id: 'root' });
    expect(up.body).toMatchObject({ path: 'below', parent_id: root.id });
    const agent = await agentAt('by alias/agent up');
    const moved = await api.patch(`/agents/${agent.id}`, { directory_id: 'root' });
    expect(moved.body).toMatchObject({ path: 'agent up', directory_id: root.id });
  });

  test('shows the files in it by name, of every kind, each in its deployed version', async () => {
    const { id } = await directory('shown');
    for (const { type } of fileKinds) await fileOfKind(api, type, `shown/the ${type}`);
    await api.post('/agents', { path: 'shown/the agent', model: 'newer' });
    const deleted = await agentAt('shown/deleted');
    await api.delete(`/agents/${deleted.id}`);
    await agentAt('shown/below/not right in it');
    const body = await get(id);
    expect(pathsOf(body.subdirectories)).toEqual(['shown/below']);
    expect(pathsOf(body.files)).toEqual(
      ['agent', 'dataset', 'evaluator', 'flow', 'prompt', 'tool'].map((t) => `shown/the ${t}`),
    );
    const [agent] = body.files;
    expect(agent).toEqual((await api.get(`/agents/${agent.id}`)).body);
    expect(agent).toMatchObject({ type: 'agent', model: 'm', directory_id: id });
    expect(body.files.map(({ type }: Body) => type)).toEqual([
      ...['agent', 'dataset', 'evaluator', 'flow', 'prompt', 'tool'],
    ]);
  });

  test('says where each of its files is deployed, in whichever version', async () => {
    const { id } = await directory('deployed');
    const [first, second] = await agentVersions(api, 'deployed/agent', 'one', 'two');
    const gone = await agentAt('deployed/gone');
    await agentAt('deployed/below/agent');
    const { staging } = await environmentIds(api, first.id);
    const place = `/agents/${first.id}/environments/${staging}`;
    await api.patch(`/agents/${first.id}/versions/${second.version_id}`, { name: 'next' });
    await api.post(`${place}?version_id=${second.version_id}`);
    await api.delete(`/agents/${gone.id}`);
    const shown = (await get(id)).deployments.map(({ environment, ...rest }: Body) => ({
      ...rest,
      environment: environment.name,
    }));
    const file_id = first.id;
    expect(shown).toEqual([
      { file_id, environment: 'production', version_id: first.version_id, version_name: null },
      { file_id, environment: 'staging', version_id: second.version_id, version_name: 'next' },
    ]);
  });

  test('one that is not there is refused', async () => {
    const refused = await api.get('/directories/dir_none');
    expectRefusal(refused, 404);
    expect(refused.body).toMatchObject({
      code: 'directory_not_found',
      detail: 'Directory `dir_none` does not exist',
    });
  });
});

describe('moving', () => {
  test('takes all that is below along, and changes no id', async () => {
    const moved = await directory('from/50%_off');
    const deep = await directory('from/50%_off/Ünï code/deep');
    const files = await Promise.all([
      fileOfKind(api, 'agent', 'from/50%_off/an agent'),
      fileOfKind(api, 'prompt', 'from/50%_off/Ünï code/prompt'),
      fileOfKind(api, 'tool', 'from/50%_off/Ünï code/deep/50%_off'),
      fileOfKind(api, 'dataset', 'from/50%_off/Ünï code/deep/data'),
      fileOfKind(api, 'flow', 'from/50%_off/Ünï code/deep/from'),
    ]);
    // Looks alike to whoever takes % and _ for more than they are.
    await agentAt('from/50 to off/other');
    await agentAt('from/50%_official');

    const { statusCode, body } = await api.patch(`/directories/${moved.id}`, { path: 'to/日本/x' });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ id: moved.id, path: 'to/日本/x', name: 'x' });
    expect(body.updated_at > moved.updated_at).toBe(true);
    expect(await treeAt('to')).toEqual([
      'to/',
      'to/日本/',
      'to/日本/x/',
      'to/日本/x/an agent',
      'to/日本/x/Ünï code/',
      'to/日本/x/Ünï code/deep/',
      'to/日本/x/Ünï code/deep/50%_off',
      'to/日本/x/Ünï code/deep/data',
      'to/日本/x/Ünï code/deep/from',
      'to/日本/x/Ünï code/prompt',
    ]);
    expect(await treeAt('from')).toEqual([
      'from/',
      'from/50 to off/',
      'from/50 to off/other',
      'from/50%_official',
    ]);
    expect((await get(deep.id)).parents.map(({ name }: Body) => name)).toEqual([
      ...['', 'to', '日本', 'x', 'Ünï code'],
    ]);
    expect(pathsOf((await get(moved.id)).files)).toEqual(['to/日本/x/an agent']);
    for (const { id, versionId } of files) {
      const { rows } = await api.database.pool.query(
        'SELECT 1 FROM version WHERE file_id = $1 AND id = $2 AND deleted_at IS NULL',
        [id, versionId],
      );
      expect(rows).toHaveLength(1);
    }
    const found = await api.post('/agents', { path: 'to/日本/x/an agent', model: 'm' });
    expect(found.body.id).toBe(files[0].id);
    expect(await astray()).toEqual([]);
  });

  test('a name alone renames it in its place, a parent alone keeps the name', async () => {
    const a = await directory('steps/a');
    const b = await directory('steps/b');
    await agentAt('steps/a/file');
    const move = async (body: object) => (await api.patch(`/directories/${a.id}`, body)).body;
    expect(await move({ name: 'c' })).toMatchObject({ path: 'steps/c', parent_id: a.parent_id });
    expect(await move({ parent_id: b.id })).toMatchObject({ path: 'steps/b/c', name: 'c' });
    expect(await move({ name: 'd', parent_id: root.id })).toMatchObject({ path: 'd' });
    expect(await treeAt('d')).toEqual(['d/', 'd/file']);
    expect(await astray()).toEqual([]);
  });

  test('to where it is, or to nowhere, changes nothing', async () => {
    const made = await directory('still/here');
    const nothing = [
      {},
      { path: null, name: null, parent_id: null },
      { path: 'still/here' },
      { name: 'here' },
      { parent_id: made.parent_id },
    ];
    for (const body of nothing) {
      const answer = await api.patch(`/directories/${made.id}`, body);
      expect(answer).toMatchObject({ statusCode: 200, body: made });
    }
    expect(await send(api, 'PATCH', `/v5/directories/${made.id}`)).toMatchObject({ body: made });
  });

  test('frees its former path at once', async () => {
    const made = await directory('freed/old');
    await agentAt('freed/old/file');
    await api.patch(`/directories/${made.id}`, { path: 'freed/new' });
    const again = await agentAt('freed/old/file');
    expect(again.directory_id).not.toBe(made.id);
    expect(await treeAt('freed')).toHaveLength(5);
  });

  test('up, over what it was in, is refused while that is there', async () => {
    const inner = await directory('outer/inner');
    const refused = await api.patch(`/directories/${inner.id}`, { path: 'outer' });
    expect(refused).toMatchObject({ statusCode: 409, body: { code: 'directory_exists' } });
  });

  test('onto another directory is refused', async () => {
    const one = await directory('crowded/one');
    const two = await directory('crowded/two');
    for (const body of [{ path: 'crowded/two' }, { name: 'two' }]) {
      const refused = await api.patch(`/directories/${one.id}`, body);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({
        code: 'directory_exists',
        detail: 'There is already a directory at `crowded/two`.',
      });
    }
    await directory('crowded/two/one');
    const refused = await api.patch(`/directories/${one.id}`, { parent_id: two.id });
    expect(refused).toMatchObject({ statusCode: 409, body: { code: 'directory_exists' } });
    expect((await get(one.id)).path).toBe('crowded/one');
  });

  test('to the path of a file is fine, as making one there is', async () => {
    await agentAt('beside/name');
    const moved = await directory('beside/other');
    await agentAt('beside/other/file');
    const answer = await api.patch(`/directories/${moved.id}`, { name: 'name' });
    expect(answer).toMatchObject({ statusCode: 200, body: { path: 'beside/name' } });
    expect(await treeAt('beside/name')).toEqual(['beside/name/', 'beside/name/file']);
  });

  test('into itself, or below itself, is refused', async () => {
    const top = await directory('cycle');
    const below = await directory('cycle/a/b');
    const before = await rowCounts(api);
    const cycles = [
      { path: 'cycle/c' },
      { path: 'cycle/a/b/c' },
      { parent_id: top.id },
      { parent_id: below.id },
      { parent_id: below.id, name: 'z' },
    ];
    for (const body of cycles) {
      const refused = await api.patch(`/directories/${top.id}`, body);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({
        code: 'directory_cycle',
        detail: 'Directory `cycle` cannot be moved into itself or into a directory below it.',
      });
    }
    expect(await rowCounts(api)).toEqual(before);
    const beside = await api.patch(`/directories/${top.id}`, { name: 'cycle 2' });
    expect(beside.body.path).toBe('cycle 2');
  });

  test.each([root.id, 'root'])('the root is refused: %s', async (id) => {
    for (const body of [{ name: 'x' }, { path: 'x' }, { parent_id: root.id }]) {
      const refused = await api.patch(`/directories/${id}`, body);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({
        code: 'root_directory',
        detail: 'The root directory cannot be moved, renamed or deleted.',
      });
    }
    expect(await api.patch(`/directories/${id}`, {})).toMatchObject({ statusCode: 200 });
  });

  test.each([
    [{ path: 'a', name: 'b' }, ['body', 'path']],
    [{ path: 'a', parent_id: root.id }, ['body', 'path']],
    [{ path: '' }, ['body', 'path']],
    [{ path: 'a/' }, ['body', 'path']],
    [{ name: '' }, ['body', 'name']],
    [{ name: 'a/b' }, ['body', 'name']],
    [{ name: {} }, ['body', 'name']],
    [{ parent_id: false }, ['body', 'parent_id']],
  ])('to %j is refused at its place', async (body, loc) => {
    const { id } = (await api.get('/directories')).body.at(-1);
    expectRefusal(await api.patch(`/directories/${id}`, body), 422, loc);
  });

  test('what is not there, or to where nothing is, is refused', async () => {
    const { id } = await directory('lost');
    const answers = [
      await api.patch('/directories/dir_none', { name: 'x' }),
      await api.patch(`/directories/${id}`, { parent_id: 'dir_none' }),
    ];
    for (const refused of answers) {
      expectRefusal(refused, 404);
      expect(refused.body.detail).toBe('Directory `dir_none` does not exist');
    }
  });

  test('is refused where a path below would get longer than paths may be', async () => {
    const long = Array(7).fill('x'.repeat(250)).join('/');
    const { id } = await directory('long');
    const file = await agentAt(`long/${long}`);
    const wide = await directory('w'.repeat(250));
    const before = await rowCounts(api);
    const byPath = await api.patch(`/directories/${id}`, { path: `${'v'.repeat(250)}/long` });
    expectRefusal(byPath, 422, ['body', 'path']);
    expect(byPath.body.detail[0].msg).toBe(
      'A path below this directory would have more than 2000 bytes.',
    );
    const byName = await api.patch(`/directories/${id}`, { name: '日'.repeat(250) });
    expectRefusal(byName, 422, ['body', 'name']);
    const byParent = await api.patch(`/directories/${id}`, { parent_id: wide.id });
    expectRefusal(byParent, 422, ['body', 'parent_id']);
    expect(await rowCounts(api)).toEqual(before);
    expect((await api.get(`/agents/${file.id}`)).body.path).toBe(`long/${long}`);
    expect((await api.patch(`/directories/${id}`, { name: 'n'.repeat(200) })).statusCode).toBe(200);
  });

  test('is refused where a path below would get deeper than paths may be', async () => {
    const { id } = await directory('deep');
    await directory(`deep/${Array(60).fill('x').join('/')}`);
    const refused = await api.patch(`/directories/${id}`, { path: 'a/b/c/d/e' });
    expectRefusal(refused, 422, ['body', 'path']);
    expect(refused.body.detail[0].msg).toBe(
      'A path below this directory would have more than 64 segments.',
    );
    expect((await api.patch(`/directories/${id}`, { path: 'a/b/c/d' })).statusCode).toBe(200);
  });

  test('leaves files that were deleted below with the path that they had', async () => {
    const { id } = await directory('graves');
    const file = await agentAt('graves/gone');
    const log = (await api.post('/agents/log', { id: file.id })).body;
    await api.delete(`/agents/${file.id}`);
    await api.patch(`/directories/${id}`, { name: 'graves 2' });
    expect(log.agent_id).toBe(file.id);
    const { rows } = await api.database.pool.query('SELECT path FROM file WHERE id = $1', [
      file.id,
    ]);
    expect(rows).toEqual([{ path: 'graves/gone' }]);
  });
});

describe('deleting', () => {
  test('removes a directory that has nothing in it', async () => {
    const { id } = await directory('doomed/empty');
    expect(await api.delete(`/directories/${id}`)).toMatchObject({ statusCode: 204, body: '' });
    expectRefusal(await api.get(`/directories/${id}`), 404);
    expectRefusal(await api.delete(`/directories/${id}`), 404);
    expect(await treeAt('doomed')).toEqual(['doomed/']);
    expect((await directory('doomed/empty')).id).not.toBe(id);
  });

  test('is refused while a file or a directory is in it', async () => {
    const { id } = await directory('full');
    const file = await fileOfKind(api, 'dataset', 'full/file');
    const refused = await api.delete(`/directories/${id}`);
    expectRefusal(refused, 409);
    expect(refused.body).toMatchObject({
      code: 'directory_not_empty',
      detail: 'Directory `full` is not empty. Move or delete its files and directories first.',
    });
    expect((await get(id)).files[0].id).toBe(file.id);
    const holder = await directory('full of/directories');
    expectRefusal(await api.delete(`/directories/${holder.parent_id}`), 409);
  });

  test('forgets files that were deleted in it, whose logs stay as they are', async () => {
    const agent = await agentAt('emptied/agent');
    const log = (await api.post('/agents/log', { id: agent.id, output: 'kept' })).body;
    await api.delete(`/agents/${agent.id}`);
    const answer = await api.delete(`/directories/${agent.directory_id}`);
    expect(answer.statusCode, JSON.stringify(answer.body)).toBe(204);
    const { rows } = await api.database.pool.query(
      `SELECT f.directory_id, l.output FROM file f JOIN log l ON l.file_id = f.id WHERE l.id = $1`,
      [log.id],
    );
    expect(rows).toEqual([{ directory_id: null, output: 'kept' }]);
  });

  test.each([root.id, 'root'])('the root is refused: %s', async (id) => {
    const refused = await api.delete(`/directories/${id}`);
    expectRefusal(refused, 409);
    expect(refused.body.code).toBe('root_directory');
  });
});

describe('at the same time', () => {
  const rounds = Array.from({ length: 8 }, (_, round) => round);

  test.each(rounds)('two that move into each other do not both (%i)', async (round) => {
    const [a, b] = [await directory(`swap ${round}/a`), await directory(`swap ${round}/b`)];
    await agentAt(`swap ${round}/a/deep/file`);
    const answers = await Promise.all([
      api.patch(`/directories/${a.id}`, { parent_id: b.id }),
      api.patch(`/directories/${b.id}`, { parent_id: a.id }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const lost = answers.find(({ statusCode }) => statusCode === 409);
    expect(lost?.body.code).toBe('directory_cycle');
    expect(await treeAt(`swap ${round}`)).toHaveLength(5);
    expect(await astray()).toEqual([]);
  });

  test.each(rounds)('two that move to one path do not both (%i)', async (round) => {
    const made = await Promise.all(
      ['a', 'b', 'c'].map((name) => directory(`meet ${round}/${name}`)),
    );
    const answers = await Promise.all(
      made.map(({ id }) => api.patch(`/directories/${id}`, { path: `meet ${round}/there` })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    expect(await astray()).toEqual([]);
  });

  test.each(rounds)('a move of a directory, and of one that is below it (%i)', async (round) => {
    const outer = await directory(`nested ${round}`);
    const inner = await directory(`nested ${round}/a/inner`);
    await agentAt(`nested ${round}/a/inner/file`);
    const answers = await Promise.all([
      api.patch(`/directories/${outer.id}`, { path: `nest/${round}` }),
      api.patch(`/directories/${inner.id}`, { path: `inner ${round}` }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(await treeAt(`inner ${round}`)).toEqual([`inner ${round}/`, `inner ${round}/file`]);
    expect(await astray()).toEqual([]);
  });

  test.each(rounds)(
    'a move, and files and directories that are put below it (%i)',
    async (round) => {
      const name = `moving ${round}`;
      const moved = await directory(name);
      const wanderer = await agentAt(`wanderer ${round}`);
      await agentAt(`${name}/sub/there`);
      const answers = await Promise.all([
        api.post('/agents', { path: `${name}/file`, model: 'm' }),
        api.post('/agents', { path: `${name}/sub/deep/file`, model: 'm' }),
        api.patch(`/directories/${moved.id}`, { name: `moved ${round}` }),
        api.post('/directories', { path: `${name}/sub/made` }),
        api.post('/directories', { name: 'by id', parent_id: moved.id }),
        api.patch(`/agents/${wanderer.id}`, { directory_id: moved.id }),
        api.post('/agents', { path: `${name}/sub/there`, model: 'm' }),
        api.post('/agents', { path: `${name}/late`, model: 'm' }),
      ]);
      for (const { statusCode, body } of answers) {
        expect([200, 201], JSON.stringify(body)).toContain(statusCode);
      }
      expect(await astray()).toEqual([]);
      const byId = [`moved ${round}/by id/`, `moved ${round}/wanderer ${round}`];
      expect(await treeAt(`moved ${round}`)).toEqual(expect.arrayContaining(byId));
    },
  );

  test.each(rounds)('a deletion, and something that is put in (%i)', async (round) => {
    const path = `deleted ${round}/it`;
    const { id } = await directory(path);
    const wanderer = await agentAt(`walker ${round}`);
    const [deletion, ...others] = await Promise.all([
      api.delete(`/directories/${id}`),
      api.post('/agents', { path: `${path}/file`, model: 'm' }),
      api.post('/directories', { name: 'sub', parent_id: id }),
      api.patch(`/agents/${wanderer.id}`, { directory_id: id }),
    ]);
    expect([204, 409]).toContain(deletion.statusCode);
    expect(others[0].statusCode).toBe(200);
    if (deletion.statusCode === 204) {
      for (const { statusCode } of others.slice(1)) expect(statusCode).toBe(404);
    } else {
      expect((await api.get(`/directories/${id}`)).statusCode).toBe(200);
    }
    expect(await astray()).toEqual([]);
  });

  test('many moves, deletions and upserts all end, and leave every path true', async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, (_, n) => directory(`storm/d${n}/sub`)),
    );
    await Promise.all(made.map((_, n) => agentAt(`storm/d${n}/sub/file`)));
    const requests = Array.from({ length: 60 }, (_, n) => {
      const { id } = made[n % 5] as Body;
      const other = made[(n * 7 + 1) % 5] as Body;
      switch (n % 6) {
        case 0:
          return api.patch(`/directories/${id}`, { parent_id: other.id });
        case 1:
          return api.post('/agents', { path: `storm/d${n % 4}/sub/file ${n}`, model: 'm' });
        case 2:
          return api.patch(`/directories/${id}`, { path: `storm/elsewhere/${n % 3}` });
        case 3:
          return api.post('/agents', { path: `storm/elsewhere/${n % 3}/file`, model: `m${n}` });
        case 4:
          return api.delete(`/directories/${other.id}`);
        default:
          return api.get(`/directories/${id}`);
      }
    });
    const answers = await Promise.all(requests);
    for (const { statusCode, body } of answers) {
      expect([200, 204, 404, 409], JSON.stringify(body)).toContain(statusCode);
    }
    expect(await astray()).toEqual([]);
  });
});

describe('another organization', () => {
  test('has a tree of its own, which cannot be reached', async () => {
    const their = await addOrganization(api, 'the-key-of-the-others');
    const headers = { 'x-api-key': their.apiKey };
    const asThem = (method: 'GET' | 'POST', url: string, body?: object) =>
      send(api, method, `/v5${url}`, body && JSON.stringify(body), headers);
    const theirs = (await asThem('POST', '/directories', { path: 'theirs/alone' })).body;
    const [theirRoot] = (await asThem('GET', '/directories')).body;
    const ours = await directory('ours');
    const before = await rowCounts(api);
    for (const { id } of [theirs, theirRoot]) {
      expectRefusal(await api.get(`/directories/${id}`), 404);
      expectRefusal(await api.patch(`/directories/${id}`, { name: 'x' }), 404);
      expectRefusal(await api.delete(`/directories/${id}`), 404);
      expectRefusal(await api.post('/directories', { name: 'x', parent_id: id }), 404);
      expectRefusal(await api.patch(`/directories/${ours.id}`, { parent_id: id }), 404);
    }
    expect(await rowCounts(api)).toEqual(before);
    expect(pathsOf((await api.get('/directories')).body)).not.toContain('theirs/alone');
    expect(pathsOf((await asThem('GET', '/directories')).body)).toEqual([
      '',
      'theirs',
      'theirs/alone',
    ]);
    expect((await directory('theirs/alone')).id).not.toBe(theirs.id);
  });

  test('is not let in without a key', async () => {
    for (const [method, url] of [
      ['GET', '/v5/directories'],
      ['POST', '/v5/directories'],
      ['GET', `/v5/directories/${root.id}`],
      ['PATCH', `/v5/directories/${root.id}`],
      ['DELETE', `/v5/directories/${root.id}`],
    ] as const) {
      expectRefusal(await send(api, method, url, undefined, { 'x-api-key': 'wrong' }), 401);
    }
  });
});

describe('the logs of its files', () => {
  const day = 86_400_000;
  const log = async (path: string, daysAgo: number, more: object = {}) => {
    const created_at = new Date(Date.now() - daysAgo * day).toISOString();
    const { statusCode } = await api.post('/prompts/log', { path, created_at, ...more });
    expect(statusCode).toBe(200);
  };
  const stats = async (id: string): Promise<Body> =>
    (await api.get(`/directories/${id}/log-stats`)).body;

  test('are counted for seven days, in quarters of a day, with those that failed', async () => {
    const { id } = await directory('counted');
    const prompt = { model: 'm' };
    for (const [path, daysAgo, more] of [
      ['counted/busy', 0, { prompt, error: 'It failed.' }],
      ['counted/busy', 0, {}],
      ['counted/busy', 3.1, {}],
      ['counted/busy', 7.1, {}],
      ['counted/quiet', 8, { prompt }],
      ['counted/below/busy', 0, { prompt }],
      ['elsewhere', 0, { prompt }],
    ] as const) {
      await log(path, daysAgo, more);
    }
    const busy = (await get(id)).files.find(({ name }: Body) => name === 'busy');
    const body = await stats(id);
    const from = Date.parse(body.from);
    expect(body).toMatchObject({
      bucket_seconds: 21_600,
      files: [
        {
          file_id: busy.id,
          count: 3,
          errors: 1,
          buckets: [
            { count: 1, errors: 0 },
            { count: 2, errors: 1 },
          ],
        },
      ],
    });
    expect(Date.parse(body.until) - from).toBe(7 * day);
    const places = body.files[0].buckets.map((one: Body) => (Date.parse(one.from) - from) / day);
    expect(places).toEqual([3.75, 6.75]);
  });

  test('are those of ones own organization, and of files that are there', async () => {
    const { id } = await directory('counted no more');
    await log('counted no more/gone', 0, { prompt: { model: 'm' } });
    const [file] = (await get(id)).files;
    await api.delete(`/prompts/${file.id}`);
    expect((await stats(id)).files).toEqual([]);
    expect((await api.get('/directories/root/log-stats')).statusCode).toBe(200);
    expect((await api.get('/directories/dir_none/log-stats')).statusCode).toBe(404);
    await addOrganization(api, 'a-key-of-others-stats');
    const headers = { 'x-api-key': 'a-key-of-others-stats' };
    const answer = await send(api, 'GET', `/v5/directories/${id}/log-stats`, undefined, headers);
    expectRefusal(answer, 404);
  });
});
