import { describe, expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { kinds, upserted } from '../support/kinds.ts';
import { addSpan, pythonPayload } from '../support/otel-payloads.ts';
import { expectRefusal } from '../support/refusals.ts';

const api = await testApp();

/** The same word, composed as keyboards write it, and taken apart as some file systems do. */
const word = 'Café';
const apart = word.normalize('NFD');
expect(apart).not.toBe(word);

const total = async (query: string) => (await api.get(`/files?${query}`)).body.total;

describe('names that only differ in how they are encoded are one', () => {
  test.each(kinds)('a $type is stored and found at one path', async (kind) => {
    const { collection, hasLogs, type } = kind;
    const made = await upserted(api, kind, { path: `${apart}/${type} ${apart}` });
    const path = `${word}/${type} ${word}`;
    expect(made).toMatchObject({ path, name: `${type} ${word}` });
    expect((await upserted(api, kind, { path })).id).toBe(made.id);
    for (const spelling of [path, path.normalize('NFD')]) {
      const { body } = await api.post('/files/retrieve-by-path', { path: spelling });
      expect(body.id).toBe(made.id);
      if (!hasLogs) continue;
      const logged = { path: spelling, parent_id: undefined as string | undefined };
      if (type === 'evaluator') {
        logged.parent_id = (
          await api.post('/agents/log', { path: `${word}/agent ${word}` })
        ).body.id;
      }
      expect((await api.post(`/${collection}/log`, logged)).statusCode).toBe(200);
    }
    const other = await upserted(api, kind, { path: `others/${type}` });
    const url = `/${collection}/${other.id}`;
    const taken = await api.patch(url, { path: path.normalize('NFD') });
    expect(taken).toMatchObject({ statusCode: 409, body: { code: 'path_taken' } });
    const renamed = await api.patch(url, { name: `${apart} of ${type}` });
    expect(renamed.body.path).toBe(`others/${word} of ${type}`);
  });

  test('an agent is called', async () => {
    const spec = scripted([{ content: 'Hi.' }]);
    const { body: made } = await api.post('/agents', { path: `called/${word}`, ...spec });
    const messages = hello;
    for (const path of [`called/${word}`, `called/${apart}`, `called/${apart}`]) {
      const { body } = await api.post('/agents/call', { path, messages });
      expect(body).toMatchObject({ output: 'Hi.', agent: { id: made.id } });
      const both = await api.post('/agents/call', { path, id: made.id, messages });
      expect(both.statusCode).toBe(200);
    }
  });

  test('a directory is made once, and what is below it is listed', async () => {
    const { body: made } = await api.post('/directories', { path: `places/${apart}` });
    expect(made).toMatchObject({ path: `places/${word}`, name: word });
    for (const body of [{ path: `places/${word}` }, { name: apart, parent_id: made.parent_id }]) {
      const again = await api.post('/directories', body);
      expect(again).toMatchObject({ statusCode: 409, body: { code: 'directory_exists' } });
    }
    const moved = await api.patch(`/directories/${made.id}`, { name: `${apart} two` });
    expect(moved.body.path).toBe(`places/${word} two`);
    await api.post('/agents', { path: `places/${word} two/x`, model: 'm' });
    expect(await total(`path=${encodeURIComponent(` /places / ${apart} two/`)}`)).toBe(1);
    expect(await total(`path=places&name=${encodeURIComponent('X')}`)).toBe(1);
    await api.post('/agents', { path: `places/y ${word}`, model: 'm' });
    expect(await total(`path=places&name=${encodeURIComponent(`y ${apart.toUpperCase()}`)}`)).toBe(
      1,
    );
  });

  test('versions of a file have names that differ', async () => {
    const path = 'versions/named';
    const { body: one } = await api.post('/agents', {
      path,
      model: 'a',
      version_name: ` ${apart}`,
    });
    expect(one.version_name).toBe(word);
    const taken = await api.post('/agents', { path, model: 'b', version_name: word });
    expect(taken).toMatchObject({ statusCode: 409, body: { code: 'version_name_taken' } });
    const { body: two } = await api.post('/agents', { path, model: 'b' });
    const edited = await api.patch(`/agents/${one.id}/versions/${two.version_id}`, { name: apart });
    expect(edited.body.code).toBe('version_name_taken');
  });

  test('a span, and a link in the text of an agent, lead to their file', async () => {
    const { body: tool } = await api.post('/tools', {
      path: `linked/${word}`,
      function: { name: 'add', description: 'Adds.' },
    });
    const text = (path: string) =>
      `---\nmodel: gpt-4o\nendpoint: chat\ntools: [{type: file, link: {path: "${path}"}}]\n---\n`;
    const call = (path: string) =>
      api.post('/agents/log', { path: 'linked/agent', agent: text(path), messages: hello });
    expect((await call(`linked/${apart}`)).statusCode).toBe(200);
    const { body } = await api.post('/files/retrieve-by-path', { path: 'linked/agent' });
    expect(body.tools).toMatchObject([{ link: { file_id: tool.id } }]);
    const refused = await call('linked/ca\u200bfe');
    expectRefusal(refused, 422, ['body', 'agent']);
    expect(refused.body.detail[0].msg).toContain('U+200B after `linked/ca`');

    const attributes = { ...addSpan(), 'humanloop.file.path': `linked/${apart}` };
    const payload = pythonPayload({ attributes });
    const { body: imported } = await api.post('/import/otel/v1/traces', payload);
    const { body: log } = await api.get(`/logs/${imported.records[0]}`);
    expect(log.tool.id).toBe(tool.id);
  });
});

describe('blanks', () => {
  test('around a path and its parts are dropped, and all kinds of them are one', async () => {
    const { body } = await api.post('/agents', { path: ' blank / a\u00a0b\u3000c ', model: 'm' });
    expect(body).toMatchObject({ path: 'blank/a b c', name: 'a b c' });
    const { body: again } = await api.post('/agents', { path: 'blank/a b c', model: 'm' });
    expect(again.id).toBe(body.id);
    const { body: named } = await api.patch(`/agents/${body.id}`, { name: '\u00a0d\u2009e ' });
    expect(named.path).toBe('blank/d e');
  });

  test('around the name of an environment are dropped', async () => {
    const path = 'blanks/deployed';
    const { body: agent } = await api.post('/agents', { path, model: 'm' });
    const named = `environment=${encodeURIComponent(' production\u00a0')}`;
    const answers = [
      await api.get(`/agents/${agent.id}?${named}`),
      await api.get(`/files?path=blanks&${named}`),
      await api.post(`/files/retrieve-by-path?${named}`, { path }),
      await api.post(`/agents/log?${named}`, { path }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  });

  test('in a name count', async () => {
    const { body: one } = await api.post('/agents', { path: 'blanks/a b', model: 'm' });
    const { body: two } = await api.post('/agents', { path: 'blanks/a  b', model: 'm' });
    expect(two).toMatchObject({ path: 'blanks/a  b' });
    expect(two.id).not.toBe(one.id);
  });
});

test('what looks like a slash is a part of a name', async () => {
  const { body } = await api.post('/agents', { path: 'slashes/顧客／対応', model: 'm' });
  expect(body).toMatchObject({ path: 'slashes/顧客／対応', name: '顧客／対応' });
});

const bad = 'look\u200bup';
const file = (await api.post('/agents', { path: 'seen/agent', model: 'm' })).body;
const version = `/agents/${file.id}/versions/${file.version_id}`;
const directory = (await api.post('/directories', { path: 'seen/directory' })).body;
const encoded = encodeURIComponent(bad);

describe('an invisible character is refused, and named', () => {
  test.each([
    ['a name of a file', () => api.patch(`/agents/${file.id}`, { name: bad }), ['body', 'name']],
    ['a name of a directory', () => api.post('/directories', { name: bad }), ['body', 'name']],
    [
      'a new name of a directory',
      () => api.patch(`/directories/${directory.id}`, { name: bad }),
      ['body', 'name'],
    ],
    [
      'a name of a version',
      () => api.post('/agents', { path: 'seen/agent', model: 'm', version_name: bad }),
      ['body', 'version_name'],
    ],
    ['a new name of a version', () => api.patch(version, { name: bad }), ['body', 'name']],
    ['a directory of a list', () => api.get(`/files?path=${encoded}`), ['query', 'path']],
    [
      'an environment of a list',
      () => api.get(`/files?environment=${encoded}`),
      ['query', 'environment'],
    ],
    [
      'an environment of a file',
      () => api.get(`/agents/${file.id}?environment=${encoded}`),
      ['query', 'environment'],
    ],
    [
      'an environment of a call',
      () => api.post(`/agents/call?environment=${encoded}`, { id: file.id, messages: hello }),
      ['query', 'environment'],
    ],
    [
      'an environment of a file that is sought',
      () => api.post(`/files/retrieve-by-path?environment=${encoded}`, { path: 'seen/agent' }),
      ['query', 'environment'],
    ],
  ])('in %s', async (_, request, place) => {
    const answer = await request();
    expectRefusal(answer, 422, place);
    expect(answer.body.detail[0].msg).toMatch(
      /^A (name|path) must not contain invisible characters\. This one contains U\+200B after `look`\.$/,
    );
  });

  test('unless what is written needs it', async () => {
    for (const path of ['seen/👩‍👩‍👧 ❤️', 'seen/می‌خواهم', 'seen/ශ්‍රී ලංකා']) {
      const { body } = await api.post('/agents', { path, model: 'm' });
      expect(body.path).toBe(path);
      expect((await api.post('/agents/log', { path })).statusCode).toBe(200);
    }
  });

  test('a version has no name of blanks alone', async () => {
    expectRefusal(await api.patch(version, { name: ' \u00a0 ' }), 422, ['body', 'name']);
  });
});

describe('names from before are brought into the one form', () => {
  const before = 'é'.normalize('NFD');

  test('and of two that become the same, one gets another name', async () => {
    const database = await testDatabase();
    const old = await testApp({ database });
    const run = (text: string, ...values: unknown[]) => database.pool.query(text, values);
    const made = async (path: string) => (await old.post('/agents', { path, model: 'm' })).body;

    const kept = await made('é/é');
    const alone = await made('alone/x');
    const below = await made('second/below/x');
    const third = await made('é/third');
    // What servers did before: they stored paths as they came.
    const rename = async (from: string, to: string, name: string) => {
      for (const table of ['directory', 'file']) {
        await run(`UPDATE ${table} SET name = $2 WHERE path = $1`, from, name);
        await run(
          `UPDATE ${table} SET path = $2 || substr(path, char_length($1) + 1)
           WHERE path = $1 OR starts_with(path, $1 || '/')`,
          from,
          to,
        );
      }
    };
    await rename('alone', `a\u00a0${before} `, `a\u00a0${before} `);
    await rename('second', before, before);
    await rename('é/third', `é/${before}`, before);
    await run(`DELETE FROM migration WHERE name = '0017-canonical-names.sql'`);
    expect(await migrate(database)).toEqual(['0017-canonical-names.sql']);

    const pathOf = async ({ id }: { readonly id: string }) =>
      (await old.get(`/agents/${id}`)).body.path;
    const { rows } = await run(`SELECT id FROM directory WHERE name LIKE 'é (%'`);
    expect(await pathOf(kept)).toBe('é/é');
    expect(await pathOf(alone)).toBe('a é/x');
    expect(await pathOf(below)).toBe(`é (${rows[0].id})/below/x`);
    expect(await pathOf(third)).toBe(`é/é (${third.id})`);
    const { body } = await old.post('/agents', { path: `a ${before}/x`, model: 'm' });
    expect(body.id).toBe(alone.id);
    await run(`DELETE FROM migration WHERE name = '0017-canonical-names.sql'`);
    await migrate(database);
    expect(await pathOf(below)).toBe(`é (${rows[0].id})/below/x`);
  });
});
