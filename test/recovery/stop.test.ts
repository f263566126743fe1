import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isRunning } from '../support/processes.ts';
import { postgresPid, testServers, textOf } from '../support/server.ts';

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
  const server = await servers.start({ dataDir: await servers.newDataFolder(), inShell: true });
  const postgres = await server.postgresPid();
  // Settles when whoever has the shell's output has ended, and that is the server.
  await server.kill('SIGTERM');
  expect(server.output()).toContain('Stopping (its parent process has ended).');
  await expect.poll(() => isRunning(postgres)).toBe(false);
});

test.each(['SIGHUP', 'SIGQUIT'] as const)(
  '%s, too, stops a server and its Postgres in an orderly way',
  async (signal) => {
    const server = await servers.start({ dataDir: await servers.newDataFolder() });
    const postgres = await server.postgresPid();
    expect(await server.kill(signal)).toEqual({ code: 0, signal: null });
    expect(isRunning(postgres)).toBe(false);
  },
);

test('a server whose terminal is closed stops, and leaves no Postgres behind', async () => {
  const dataDir = await servers.newDataFolder();
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const command = `'${process.execPath}' '${main}' serve`;
  const words =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', 'sh', '-c', command]
      : ['-qec', command, '/dev/null'];
  const terminal = spawn('script', words, {
    env: { PORT: '0', LOOPWRIGHT_DATA_DIR: dataDir, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const shown = textOf(terminal, 'stdout');
  await expect.poll(shown, { timeout: 20_000 }).toContain('Stop with Ctrl-C');
  const postgres = await postgresPid(dataDir);
  expect(isRunning(postgres)).toBe(true);
  // Whoever shows the terminal is gone: what is written to it fails from now on.
  terminal.kill('SIGKILL');
  await expect.poll(() => isRunning(postgres)).toBe(false);
});
