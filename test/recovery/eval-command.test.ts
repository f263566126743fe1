import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newDataFolder();
const server = await servers.start({ dataDir });
const env = { PORT: server.port, LOOPWRIGHT_API_KEY: server.key };

async function made(url: string, body: unknown) {
  const answer = await server.post(`/v5${url}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const says = (content: string, more: object = {}) => ({
  provider: 'mock',
  model: 'm',
  template: [{ role: 'user', content: 'Say {{n}}' }],
  other: { script: [{ content, ...more }] },
});

await made('/prompts', { path: 'eval/quick', ...says('four') });
await made('/prompts', { path: 'eval/slow', ...says('four', { delay_ms: 600_000 }) });
await made('/datasets', {
  path: 'eval/numbers',
  datapoints: [1, 2, 3, 4].map((n) => ({ inputs: { n }, target: { output: 'four' } })),
});
const python = (code: string, returns = 'boolean') => ({
  spec: {
    evaluator_type: 'python',
    arguments_type: 'target_free',
    return_type: returns,
    code,
  },
});
await made('/evaluators', {
  path: 'eval/small',
  ...python('def small(log):\n    return int(log["inputs"]["n"]) < 4\n'),
});
await made('/evaluators', {
  path: 'eval/<broken> & "odd"',
  ...python('def broken(log):\n    raise ValueError("no")\n'),
});

const standard = [
  '--file',
  'eval/quick',
  '--dataset',
  'eval/numbers',
  '--evaluators',
  'eval/small',
];

const evaluate = async (...args: string[]) => {
  const ended = await servers.run('eval', { dataDir, env, args });
  return { ...ended, said: `${ended.stdout}${ended.stderr}` };
};

test('eval ends with 0 when the Run passes, prints the report, and writes its files', async () => {
  const [json, junit, markdown] = ['out.json', 'out.xml', 'out.md'].map((n) => join(dataDir, n));
  const files = ['--json', String(json), '--junit', String(junit), '--markdown', String(markdown)];
  const gates = ['--min', 'eval/small>=0.75', '--max-errors', '1%', '--max-drop', 'eval/small:0'];
  const { code, said, stdout } = await evaluate(...standard, ...gates, ...files);
  expect(code, said).toBe(0);
  expect(stdout).toContain('| eval/small |');
  expect(stdout).toContain('passed  eval/small: min 0.75: 0.75');
  expect(stdout).toContain('(There is no baseline yet.)');
  const outcome = JSON.parse(await readFile(String(json), 'utf8'));
  expect(outcome).toMatchObject({
    exit_code: 0,
    passed: true,
    status: 'completed',
    reason: null,
    stats: { num_logs: 4, evaluator_stats: [{ num_true: 3, num_false: 1 }] },
  });
  const xml = await readFile(String(junit), 'utf8');
  expect(xml).toContain('tests="5" failures="0"');
  expect(await readFile(String(markdown), 'utf8')).toContain('### ✅ Passed: loopwright eval');
});

test('eval ends with 1 when a gate fails, and uses the same Evaluation again', async () => {
  const junit = join(dataDir, 'failed.xml');
  const { code, said, stdout } = await evaluate(
    ...[...standard, '--min', 'eval/small>=0.8', '--junit', junit],
  );
  expect(code, said).toBe(1);
  expect(stdout).toContain('FAILED  eval/small: min 0.8: 0.75');
  // The column of the first Run is there, too.
  expect(stdout).toMatch(/\| eval\/small \| 0\.75 +\| 0\.75 +\|/);
  expect(await readFile(junit, 'utf8')).toContain('<failure message="It is 0.75."/>');
});

test.each([
  ['an unknown option', ['--fiel', 'x'], 'Did you mean --file?'],
  ['a missing option', ['--file', 'eval/quick', '--dataset', 'eval/numbers'], '--evaluators A,B'],
  ['an option that cannot be read', [...standard, '--max-errors', 'few'], '--max-errors'],
  ['a file that there is not', [...standard, '--file', 'eval/none'], 'eval/none'],
  ['an evaluator that there is not', [...standard, '--evaluators', 'eval/none'], 'eval/none'],
  ['a gate of another evaluator', [...standard, '--min', 'eval/none>=1'], 'eval/none'],
])('eval ends with 2 for %s', async (_, args, part) => {
  const { code, said } = await evaluate(...args);
  expect(code, said).toBe(2);
  expect(said).toContain(part);
});

test('eval ends with 3 when there are too many errors', async () => {
  const junit = join(dataDir, 'odd.xml');
  const odd = 'eval/<broken> & "odd"';
  const { code, said } = await evaluate(
    ...[...standard, '--evaluators', odd, '--name', 'with errors'],
    ...['--max-errors', '10%', '--junit', junit],
  );
  expect(code, said).toBe(3);
  expect(await readFile(junit, 'utf8')).toContain(
    'name="eval/&lt;broken&gt; &amp; &quot;odd&quot;: max_errors 0.1"',
  );
});

test('eval ends with 3 when it takes too long, and cancels the Run', async () => {
  const { code, said } = await evaluate(...standard, '--file', 'eval/slow', '--timeout', '1s');
  expect(code, said).toBe(3);
  expect(said).toContain('It took too long, so the Run was cancelled.');
});

test('eval cancels the Run when it is interrupted', async () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const args = [main, 'eval', ...standard, '--file', 'eval/slow', '--name', 'interrupted'];
  const child = spawn(process.execPath, args, { cwd: dataDir, env, stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const ended = once(child, 'close');
  await vi.waitFor(() => expect(said).toContain('Logs 0/4'), { timeout: 20_000 });
  child.kill('SIGINT');
  const [code] = await ended;
  expect(code, said).toBe(3);
  expect(said).toContain('It was interrupted, so the Run was cancelled.');
  const rows = await server.sql(`SELECT r.status FROM evaluation_run r
    JOIN evaluation_member m ON m.run_id = r.id JOIN evaluation e ON e.id = m.evaluation_id
    WHERE e.name = 'interrupted'`);
  expect(rows).toEqual([{ status: 'cancelled' }]);
});

test('eval ends with 4 when no server answers', async () => {
  const args = [...standard, '--url', 'http://127.0.0.1:1'];
  const { code, stderr } = await servers.run('eval', { dataDir, env, args });
  expect({ code, stderr }).toEqual({
    code: 4,
    stderr: 'No server answers at http://127.0.0.1:1.\n',
  });
});

test('eval makes a key for itself where none is set', async () => {
  const own = { PORT: server.port };
  const { code, stderr } = await servers.run('eval', { dataDir, env: own, args: standard });
  expect(code, stderr).toBe(0);
  expect(
    await server.sql("SELECT revoked_at IS NULL AS works FROM api_key WHERE name = 'eval'"),
  ).toEqual([{ works: false }]);
});
