import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newDataFolder();
const server = await servers.start({ dataDir });
const env = { PORT: server.port };

test('create-key prints a key that works, and nothing else', async () => {
  const { code, stdout, stderr } = await servers.run('create-key', { dataDir });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const key = stdout.trimEnd();
  expect(key).toMatch(/^lw_sk_\w{38}$/);
  expect((await server.get('/v5/agents', key)).status).toBe(200);
});

test('demo prints the events of a run as they come, and the agent’s answer, with a key of its own', async () => {
  const { code, stdout, stderr } = await servers.run('demo', { dataDir, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectDemo(stdout);
  const logId = /GET \S+(\/v5\/logs\/\S+)/.exec(stdout)?.[1] ?? '';
  expect((await server.get(logId)).body).toMatchObject({ log_status: 'complete' });
  expect(
    await server.sql("SELECT revoked_at IS NULL AS works FROM api_key WHERE name = 'demo'"),
  ).toEqual([{ works: false }]);
});

test('demo uses LOOPWRIGHT_API_KEY where that is set, and then needs no database', async () => {
  const { code, stdout } = await servers.run('demo', {
    dataDir: await servers.newFolder(),
    env: { ...env, LOOPWRIGHT_API_KEY: server.key },
  });
  expect(code).toBe(0);
  expectDemo(stdout);
});

test('demo says so when there is no server', async () => {
  const ending = await servers.run('demo', { dataDir, env: { PORT: '1' } });
  expect(ending).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'No server answers at http://127.0.0.1:1. Start it first: npm start.\n',
  });
});

test('a command that there is not is answered with those that there are', async () => {
  expect(await servers.run('sevre', { dataDir })).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Unknown command sevre. Did you mean serve? Commands: serve, demo, log, eval, create-key, list-keys, revoke-key, setup-link, list-members, invite-member, change-role, remove-member, reset-password, reprice, examples.\n',
  });
});

test('an option that there is not starts nothing', async () => {
  const args = ['--prot', '1'];
  expect(await servers.run('serve', { dataDir, args })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('serve has no option --prot. Did you mean --port?'),
  });
});

test('--version prints the version of package.json, and --help what there is', async () => {
  const version = await servers.run('--version', { dataDir });
  expect(version).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  // As npm start -- --help does it.
  const args = ['--stop-with-parent', '--help'];
  const { code, stdout } = await servers.run('serve', { dataDir, args });
  expect(code).toBe(0);
  expect(stdout).toContain('npm run revoke-key');
});

test('options go before the settings of the environment', async () => {
  const args = ['--port', '1'];
  const { stderr } = await servers.run('demo', { dataDir, env, args });
  expect(stderr).toContain('No server answers at http://127.0.0.1:1.');
});

test('colours come to a terminal alone, and not with NO_COLOR', async () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const words =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', process.execPath, main, '--help']
      : ['-qec', `'${process.execPath}' '${main}' --help`, '/dev/null'];
  const onTerminal = (env: Record<string, string>) =>
    promisify(execFile)('script', words, { env: { TERM: 'xterm', ...env } });
  const piped = (env: Record<string, string>) => servers.run('--help', { dataDir, env });
  for (const { stdout } of [await onTerminal({}), await piped({ FORCE_COLOR: '1' })]) {
    expect(stdout).toContain('\u001b[1mUsage:\u001b[22m npm start');
  }
  for (const { stdout } of [await onTerminal({ NO_COLOR: '1' }), await piped({})]) {
    expect(stdout).toContain('Usage: npm start');
    expect(stdout).not.toContain('\u001b');
  }
});

test('a key is revoked while the server runs, and listed as such', async () => {
  const args = ['a laptop', '--expires-in-days', '30'];
  const made = await servers.run('create-key', { dataDir, args });
  const key = made.stdout.trimEnd();
  expect((await server.get('/v5/agents', key)).status).toBe(200);

  const revoked = await servers.run('revoke-key', { dataDir, args: [key] });
  expect(revoked).toMatchObject({ code: 0, stderr: '' });
  expect(revoked.stdout).toMatch(/^Revoked key_\w+ \(a laptop, lw_sk_\w{4}…\)\. .*\n$/);
  await expect.poll(async () => (await server.get('/v5/agents', key)).status).toBe(401);

  const id = /key_\w+/.exec(revoked.stdout)?.[0] ?? '';
  const { stdout: table } = await servers.run('list-keys', { dataDir });
  const rows = table.trimEnd().split('\n');
  expect(rows[0]).toMatch(/^id +key +name +scopes +created +last used +expires +state$/);
  expect(rows.find((row) => row.startsWith(id))).toMatch(/ a laptop .* revoked [\d-]+ [\d:]+Z$/);
  const { stdout: json } = await servers.run('list-keys', { dataDir, args: ['--json'] });
  const keys: Record<string, unknown>[] = JSON.parse(json);
  expect(keys.find((listed) => listed['id'] === id)).toMatchObject({
    name: 'a laptop',
    state: 'revoked',
  });
  expect(keys).toHaveLength(rows.length - 1);
  for (const output of [revoked.stdout, table, json]) expect(output).not.toContain(key);
});

/** Runs a command beside the server. */
async function command(name: string, ...args: string[]) {
  const { code, stdout, stderr } = await servers.run(name, { dataDir, env, args });
  return { code, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

/** Sends what somebody sends who is not signed in. */
const postToAuth = (url: string, body: object) => server.post(`/v5/auth/${url}`, body, '');

const password = 'violet umbrella 4711';

test('a server is set up with a link that it or setup-link prints, of which the last one works', async () => {
  const [, token] = /^Set up: \S+\/setup#(\S+)$/m.exec(server.output()) ?? [];
  const { stdout: link } = await command('setup-link');
  expect(link).toMatch(new RegExp(`^${server.url}/setup#[\\w-]{43}$`));
  const owner = { email_address: 'ada@example.com', password };
  expect((await postToAuth('setup', { ...owner, token })).status).toBe(404);
  const made = await postToAuth('setup', { ...owner, token: link.split('#')[1] });
  expect(made.status).toBe(201);
  expect((await server.get('/v5/me', made.body.api_key.key)).body.member.role).toBe('owner');
  expect(await command('setup-link')).toMatchObject({
    code: 1,
    stderr: 'The organization has an owner already.',
  });
});

test('members are invited, listed, changed and removed beside the server', {
  timeout: 60_000,
}, async () => {
  const { stdout: invitation } = await command('invite-member', 'bob@example.com');
  const accepted = { full_name: 'Bob', password };
  const joined = await postToAuth(`invitation/${invitation.split('#')[1]}`, accepted);
  expect(joined.body.member).toMatchObject({ full_name: 'Bob', role: 'editor' });
  expect(await command('change-role', 'Bob@example.com', '--role', 'viewer')).toMatchObject({
    stdout: 'Bob@example.com is viewer now. Running servers know it within a second.',
  });
  const [list, { stdout: reset }] = await Promise.all([
    command('list-members'),
    command('reset-password', 'bob@example.com'),
  ]);
  expect(list.stdout).toMatch(/bob@example\.com +Bob +viewer +active/);
  const next = { password: 'another violet umbrella' };
  expect((await postToAuth(`reset/${reset.split('#')[1]}`, next)).status).toBe(200);
  const [removed, last] = await Promise.all([
    command('remove-member', 'bob@example.com'),
    command('remove-member', 'ada@example.com'),
  ]);
  expect(removed.code).toBe(0);
  const gone = { email_address: 'bob@example.com', ...next };
  expect((await postToAuth('sign-in', gone)).status).toBe(401);
  expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining('last owner') });
});

test('examples adds the ready-made evaluators that are missing', async () => {
  const path = 'Example Evaluators/Code/Latency';
  const { body } = await server.post('/v5/files/retrieve-by-path', { path });
  await server.fetch(`/v5/evaluators/${body.id}`, { method: 'DELETE', body: '{}' });
  const first = await servers.run('examples', { dataDir });
  expect(first).toMatchObject({ code: 0, stdout: `Added:\n${path}\n`, stderr: '' });
  const second = await servers.run('examples', { dataDir });
  expect(second.stdout).toBe('Nothing was added: every ready-made evaluator is there.\n');
});

test('the name of a key does nothing to the terminal, as a table or as JSON', async () => {
  const name = 'a \u202eknarp\u009b31m';
  await servers.run('create-key', { dataDir, args: [name] });
  for (const args of [[], ['--json']]) {
    const { stdout } = await servers.run('list-keys', { dataDir, args });
    expect(stdout).toContain('a \\u202eknarp\\u009b31m');
    expect(stdout).not.toMatch(/[\u202e\u009b]/);
  }
});

test('log prints a run as a tree, and --json as the API answers it', async () => {
  const path = 'commands/hostile';
  const said = '\u001b[2J\u009b31m\u202eevil\r\nHere.';
  const agent = scripted([{ tool_calls: [callOf('lookup', { key: said })] }, { content: said }]);
  const { body } = await server.post('/v5/agents/call', { path, agent, messages: hello });
  const messages = [answerTo('call_1_1', said)];
  await server.post('/v5/agents/continue', { log_id: body.id, messages });

  const tree = await servers.run('log', { dataDir, args: [body.id] });
  expect(tree).toMatchObject({ code: 0, stderr: '' });
  const lines = tree.stdout.trimEnd().split('\n');
  const evil = String.raw`\\u001b\[2J\\u009b31m\\u202eevil Here\.`;
  expect(lines).toEqual([
    expect.stringMatching(`^${body.id}, started .* UTC$`),
    '',
    expect.stringMatching(`^commands/hostile +agent +\\d+\\.\\d{3} s +\\d+ → \\d+ +${evil}$`),
    expect.stringMatching(/^├─ mock +model call 1 +\d+\.\d{3} s +\d+ → \d+$/),
    expect.stringMatching(/^│ {2}└─ lookup +your tool +\{"key":.*evil\\r\\nHere\."\} → .*…$/),
    expect.stringMatching(`^└─ mock +model call 2 .*${evil}$`),
    '',
    expect.stringMatching(/^Total: \d+ → \d+ tokens\. The cost of 1 log is unknown\.$/),
  ]);
  const json = await servers.run('log', { dataDir, args: [body.id, '--json'] });
  expect(JSON.parse(json.stdout)).toEqual((await server.get(`/v5/logs/${body.id}`)).body);
  for (const { stdout } of [tree, json])
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);

  const missing = await servers.run('log', { dataDir, args: ['log_none'] });
  expect(missing).toMatchObject({ code: 1, stdout: '', stderr: 'There is no log `log_none`.\n' });
});

test('the last key is revoked without a server, and what follows of it is told', async () => {
  await server.sql("UPDATE api_key SET revoked_at = now() WHERE name != 'bootstrap'");
  await server.kill('SIGTERM');
  const revoked = await servers.run('revoke-key', {
    dataDir,
    env: { LOOPWRIGHT_API_KEY: server.key },
    args: [server.key.slice(0, 10)],
  });
  expect(revoked).toMatchObject({ code: 0, stderr: '' });
  expect(revoked.stdout).toMatch(
    /^Revoked .*\nLOOPWRIGHT_API_KEY is set to this key\. The next start accepts it again, .*\nNo usable key is left\. Create one: npm run create-key\n$/,
  );
});

function expectDemo(stdout: string): void {
  const events = stdout.match(/^agent_\w+/gm);
  const begin = ['agent_start', 'agent_end'];
  expect(events).toEqual([
    'agent_turn_start',
    ...begin,
    'agent_turn_suspend',
    'agent_turn_continue',
    ...begin,
    'agent_turn_end',
  ]);
  expect(stdout).toMatch(/\n\ncheck_balance says: .*1250\.75.*\n\nThe whole run: GET /);
}
