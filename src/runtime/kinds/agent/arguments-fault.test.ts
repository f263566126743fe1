import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { argumentsFault, uncheckedWords } from './arguments-fault.ts';
import { checkInTime } from './check-in-time.ts';

/** Checks the same arguments many times. @returns the distinct answers. */
const program = `
  import { argumentsFault } from ${JSON.stringify(new URL('arguments-fault.ts', import.meta.url))};
  const schema = { type: 'object', properties: { key: { type: 'string' } } };
  const run = { parts: { runLimits: { checksMs: 2000 } }, below: {}, workspace: { organizationId: 'org' } };
  const faults = new Set();
  for (let i = 0; i < 60; i++) {
    faults.add((await argumentsFault(run, { ...schema }, { key: 'fits' })) ?? 'nothing');
  }
  console.log(JSON.stringify([...faults]));
`;

const newRun = (checksMs = 10_000) => ({
  parts: { runLimits: { checksMs } },
  below: {},
  workspace: { organizationId: 'org' },
});

test('the fault of an argument with the wrong format names the right format', async () => {
  const schema = { type: 'object', properties: { to: { type: 'string', format: 'email' } } };
  expect(await argumentsFault(newRun(), schema, { to: 'ada@example.com' })).toBeUndefined();
  expect(await argumentsFault(newRun(), schema, { to: 'Ada' })).toMatch(
    /`to`: Must match format "email"$/,
  );
});

test('a word of a schema that cannot be understood does not turn off the check of the others', async () => {
  const parameters = {
    type: 'object',
    properties: {
      code: { type: 'string', pattern: '^a++$' },
      shape: {
        oneOf: [{ properties: { kind: { const: 'circle' } }, required: ['kind'] }],
        discriminator: { propertyName: 'kind', mapping: { circle: '#/$defs/Circle' } },
      },
      pair: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] },
      count: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    },
  };
  const good = { code: 'b', shape: { kind: 'circle' }, pair: [1, 'x'], count: 1 };
  expect(await argumentsFault(newRun(), parameters, good)).toBeUndefined();
  for (const bad of [{ code: 1 }, { shape: { kind: 'line' } }, { pair: ['x'] }, { count: 0 }]) {
    expect(await argumentsFault(newRun(), parameters, { ...good, ...bad })).toContain(
      'do not match',
    );
  }
  expect(uncheckedWords({ name: 'draw', description: '', parameters })).toEqual([
    'Arguments of draw are not checked against these words of its schema: `pattern` of `code`.',
  ]);
  expect(uncheckedWords({ name: 'draw', description: '', parameters: {} })).toEqual([]);
});

const hard = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
const bad = { a: `${'a'.repeat(40)}b` };

test('arguments that take for ever to check are refused, and nobody waits meanwhile', async () => {
  let turns = 0;
  const counting = setInterval(() => void turns++, 1);
  const faults = await Promise.all([1, 2, 3].map(() => argumentsFault(newRun(), hard, bad)));
  clearInterval(counting);
  expect(new Set(faults)).toEqual(
    new Set(['the arguments take too long to check against the schema of the tool.']),
  );
  expect(turns).toBeGreaterThan(20);
  // The thread goes on with what fits.
  expect(await argumentsFault(newRun(), hard, { a: 'aaa' })).toBeUndefined();
});

test('a check that was stopped while the schema was compiled is begun anew', async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`p${index}`, { type: 'string', format: 'email' }]),
  );
  const schema = { type: 'object', properties, required: ['b'] };
  for (const longestMs of [1, 2, 4, 8, 16]) checkInTime(schema, { a: 1 }, longestMs);
  expect(checkInTime(schema, { a: 1 }, 60_000)).toEqual(['`b`: Field required']);
});

test('a run has so much time for dear checks, and its calls are not run after that', async () => {
  const run = newRun(250);
  expect(await argumentsFault(run, hard, bad)).toMatch(/take too long/);
  expect(await argumentsFault(run, hard, bad)).toMatch(
    /so it was not run: .* taken 250 ms .*RUN_CHECKS_MILLISECONDS/,
  );
  // What is cheap is checked as ever, and another run has time of its own.
  expect(await argumentsFault(run, { type: 'object', required: ['b'] }, bad)).toMatch(/`b`/);
  expect(await argumentsFault(newRun(250), hard, bad)).toMatch(/take too long/);
});

test('arguments are not said to take too long because the process was not let run', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  const ended = once(child, 'close');
  // Nearly all that it does is to check, so it is stopped within a check.
  while (child.exitCode === null) {
    await sleep(150);
    child.kill('SIGSTOP');
    await sleep(300);
    child.kill('SIGCONT');
  }
  await ended;
  expect(JSON.parse(await said)).toEqual(['nothing']);
});
