import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { argumentsFault, uncheckedWords } from './arguments-fault.ts';

/** Checks the same arguments many times. @returns the distinct answers. */
const program = `
  import { argumentsFault } from ${JSON.stringify(new URL('arguments-fault.ts', import.meta.url))};
  const schema = { type: 'object', properties: { key: { type: 'string' } } };
  const fault = () => argumentsFault(schema, { key: 'fits' }) ?? 'nothing';
  console.log(JSON.stringify([...new Set(Array.from({ length: 60 }, fault))]));
`;

test('the fault of an argument with the wrong format names the right format', () => {
  const schema = { type: 'object', properties: { to: { type: 'string', format: 'email' } } };
  expect(argumentsFault(schema, { to: 'ada@example.com' })).toBeUndefined();
  expect(argumentsFault(schema, { to: 'Ada' })).toMatch(/`to`: Must match format "email"$/);
});

test('a word of a schema that cannot be understood does not turn off the check of the others', () => {
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
  expect(argumentsFault(parameters, good)).toBeUndefined();
  for (const bad of [{ code: 1 }, { shape: { kind: 'line' } }, { pair: ['x'] }, { count: 0 }]) {
    expect(argumentsFault(parameters, { ...good, ...bad })).toContain('do not match');
  }
  expect(uncheckedWords({ name: 'draw', description: '', parameters })).toEqual([
    'Arguments of draw are not checked against these words of its schema: `pattern` of `code`.',
  ]);
  expect(uncheckedWords({ name: 'draw', description: '', parameters: {} })).toEqual([]);
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
