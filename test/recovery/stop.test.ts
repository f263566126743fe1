import { expect, test } from 'vitest';
import { isRunning } from '../processes.ts';
import { testServers } from '../server.ts';

const servers = testServers();

test('a server that is told to stop while it starts finishes its start, and leaves no Postgres behind', async () => {
  const server = servers.launch({ dataDir: await servers.newFolder() });
  await expect.poll(() => server.postgresPid(), { timeout: 20_000, interval: 5 }).toBeDefined();
  const postgres = await server.postgresPid();
  expect(await server.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(isRunning(postgres)).toBe(false);
  // Nobody would see it again.
  expect(server.printedKey).toBeDefined();
});

test('a server that npm started stops when the shell between them ends', async () => {
  const server = await servers.start({ dataDir: await servers.newFolder(), inShell: true });
  const postgres = await server.postgresPid();
  // Settles when whoever has the shell's output has ended, and that is the server.
  await server.kill('SIGTERM');
  expect(server.output()).toContain('Stopping (its parent has ended).');
  await expect.poll(() => isRunning(postgres)).toBe(false);
});
