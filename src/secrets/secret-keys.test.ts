import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { sendKeyed } from '../../test/support/keyed-requests.ts';
import { createLogger } from '../kernel/logger.ts';
import { secretBox } from '../kernel/secret-box.ts';
import { openSecretBox } from './secret-keys.ts';

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const api = await testApp({ secrets: secretBox(first) });
const { database } = api;
const dataDir = await mkdtemp(join(tmpdir(), 'lw-keys-'));
afterAll(() => rm(dataDir, { recursive: true }));

let logged: string[];
beforeEach(() => {
  logged = [];
});

const open = (settings: Partial<Parameters<typeof openSecretBox>[1]>, on = database) =>
  openSecretBox(
    on,
    {
      secretKey: undefined,
      previousSecretKey: undefined,
      isSecretKeyLost: false,
      dataDir,
      ...settings,
    },
    createLogger('warn', (line) => logged.push(line)),
  );
const usedKeys = async () => (await database.pool.query('SELECT id FROM secret_key')).rowCount;

const everything =
  '1 provider key, 1 custom endpoint with a key or headers, 1 tool variable, ' +
  '1 agent with headers for MCP servers, and ' +
  '1 suspended run with save: false';
const theKey = `the key that encrypted ${everything} in this database`;
const accept =
  'If that key is lost for good, start once with LOOPWRIGHT_SECRET_KEY_PREVIOUS=lost and set the values again.';

test('a key that encrypted nothing can be exchanged for another', async () => {
  await open({ secretKey: second });
  await open({ secretKey: first });
  expect(await usedKeys()).toBe(2);
  expect(logged).toEqual([]);
});

test('without the key of what is encrypted a start is refused, says what is lost, and makes no key', async () => {
  await encryptSomethingOfEachKind();
  await open({ secretKey: first });
  await expect(open({ secretKey: second })).rejects.toThrow(
    `LOOPWRIGHT_SECRET_KEY is not ${theKey}. Set LOOPWRIGHT_SECRET_KEY_PREVIOUS to that key. ${accept}`,
  );
  await expect(open({})).rejects.toThrow(
    `LOOPWRIGHT_DATA_DIR lacks the file ${join(dataDir, 'secret-key')} with ${theKey}. Restore the file, or set LOOPWRIGHT_SECRET_KEY_PREVIOUS to the key that was in it. ${accept}`,
  );
  expect(await readdir(dataDir)).toEqual([]);
});

test('a database of an older release, which noted no keys, is looked through', async () => {
  await database.pool.query('DELETE FROM secret_key');
  await expect(open({ secretKey: second })).rejects.toThrow(theKey);
  await open({ secretKey: first });
  expect(await usedKeys()).toBe(1);
});

test('with the key before it, a new key reads everything; without it, it is refused again', async () => {
  await database.pool.query('DELETE FROM secret_key');
  await open({ secretKey: second, previousSecretKey: first });
  expect(await usedKeys()).toBe(2);
  await open({ secretKey: second, previousSecretKey: first });
  await expect(open({ secretKey: second })).rejects.toThrow(theKey);
});

test('a server that starts with one key does not forget the key that another server encrypts with', async () => {
  const { database } = await testApp();
  const start = (settings: Parameters<typeof open>[0]) => open(settings, database);
  await start({ secretKey: first });
  const other = await start({ secretKey: second, previousSecretKey: first });
  await start({ secretKey: first });
  const later = await testApp({ database, secrets: other });
  await later.post('/provider-keys', { provider: 'openai', api_key: 'sk-of-the-organization' });
  await expect(start({ secretKey: first })).rejects.toThrow('1 provider key');
});

test('once it is said that the key is lost, servers start without it', async () => {
  await open({ secretKey: second, isSecretKeyLost: true });
  expect(logged.join()).toContain(
    `${everything} cannot be read, because their secret key is lost.`,
  );
  expect(await usedKeys()).toBe(1);
  logged = [];
  await open({ secretKey: second });
  expect(logged).toEqual([]);
});

test('what is lost is told where it is used, and can be set anew', async () => {
  const later = await testApp({ database, secrets: secretBox(second) });
  const { body: tools } = await later.get('/tools');
  const variables = `/tools/${tools.records[0].id}/environment-variables`;
  expect((await later.get(variables)).body).toEqual([{ name: 'TOKEN', value: '***' }]);
  const lost = { statusCode: 409, body: { code: 'secret_unreadable' } };
  expect(await later.post('/tools/call', { path: 'keys/tool' })).toMatchObject(lost);
  const answer = { role: 'tool', tool_call_id: 'call_1_1', content: 'It is.' };
  const goOn = { log_id: 'unsaved', messages: [answer] };
  expect(await later.post('/agents/continue', goOn)).toMatchObject(lost);

  expect(await sendKeyed(later, 'once', 'POST', '/directories', { path: 'kept' })).toMatchObject(
    lost,
  );

  const set = [{ name: 'TOKEN', value: 'new' }];
  expect((await later.post(variables, set)).body).toEqual(set);
  expect((await later.get('/provider-keys')).body).toMatchObject([{ usable: false }]);
});

async function encryptSomethingOfEachKind(): Promise<void> {
  await api.post('/provider-keys', { provider: 'openai', api_key: 'sk-of-the-organization' });
  const endpoint = { name: 'mine', base_url: 'https://llm.example.com/v1', api_key: 'a-key' };
  await api.post('/custom-endpoints', endpoint);
  await api.post('/custom-endpoints', { ...endpoint, name: 'open', api_key: null });
  const { body: tool } = await api.post('/tools', {
    path: 'keys/tool',
    function: { name: 'tool', description: '', parameters: { type: 'object', properties: {} } },
    source_code: 'def tool(): return 1',
  });
  await api.post(`/tools/${tool.id}/environment-variables`, [{ name: 'TOKEN', value: 'x' }]);
  const server = { url: 'https://tools.example.com/mcp', headers: { authorization: 'Bearer x' } };
  await api.post('/agents', {
    path: 'keys/agent',
    provider: 'mock',
    model: 'any',
    tools: [{ type: 'mcp', server, on_agent_call: 'continue' }],
  });
  const check = { name: 'check', description: '', parameters: { type: 'object', properties: {} } };
  const { body } = await api.post('/agents/call', {
    path: 'keys/suspended',
    agent: {
      provider: 'mock',
      model: 'any',
      tools: [{ type: 'inline', json_schema: check, on_agent_call: 'continue' }],
    },
    messages: [{ role: 'user', content: 'Please check it.' }],
    save: false,
    log_id: 'unsaved',
  });
  expect(body.log_status).toBe('incomplete');
  await sendKeyed(api, 'once', 'POST', '/directories', { path: 'kept' });
}
