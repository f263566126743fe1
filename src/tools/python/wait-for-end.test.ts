import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { SandboxChild } from './spawn-sandbox.ts';
import { waitForEnd } from './wait-for-end.ts';

/** A process whose error output and end the test writes. */
function child() {
  const stderr = new PassThrough();
  const process = Object.assign(new EventEmitter(), { stderr });
  const end = waitForEnd(process as unknown as SandboxChild);
  return { end, stderr, emit: process.emit.bind(process) };
}

test('a process that wrote errors ends with the last of them, in whatever pieces they came', async () => {
  const { end, stderr, emit } = child();
  for (const text of ['a'.repeat(300), 'b'.repeat(300), ` ${'c'.repeat(100)}é \n`])
    stderr.write(text);
  emit('close', 3, null);
  const last = `${'a'.repeat(96)}${'b'.repeat(300)} ${'c'.repeat(100)}é`;
  expect(await end).toEqual({ code: 3, reason: last });
});

test.each([
  [[3, null], { code: 3, reason: 'it ended with code 3' }],
  [[null, 'SIGKILL'], { code: null, reason: 'it was ended by SIGKILL' }],
])('a process that wrote none ends with how it ended: %j', async (how, expected) => {
  const { end, stderr, emit } = child();
  stderr.write(' \n');
  emit('close', ...how);
  expect(await end).toEqual(expected);
});

test('a process that cannot be started ends with why', async () => {
  const { end, emit } = child();
  emit('error', new Error('spawn deno ENOENT'));
  expect(await end).toEqual({ code: null, reason: 'spawn deno ENOENT' });
});
