import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type Connection, openDatabase } from '../../src/database/database.ts';
import { serverRole } from '../../src/database/postgres/connection.ts';
import { sharePythonSnapshot } from '../support/data-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that the tests of clients share, and its database. */
    serverForClients: { readonly url: string; readonly database: Connection };
  }
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const database = 'clients';

/** One server for all files of tests; each is an organization of its own there. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { postgres } = project.getProvidedContext();
  const admin = openDatabase(postgres, { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${database} OWNER ${serverRole} TEMPLATE template`);
  await admin.close();
  const folder = await mkdtemp(join(tmpdir(), 'lw-clients-'));
  await sharePythonSnapshot(folder);
  const server = spawn(process.execPath, [main, 'serve', '--stop-with-parent'], {
    cwd: folder,
    env: {
      PORT: '0',
      LOOPWRIGHT_DATA_DIR: folder,
      DATABASE_URL: `postgres://${serverRole}@/${database}?host=${postgres.host}&port=${postgres.port}`,
      LOOPWRIGHT_SECRET_KEY: randomBytes(32).toString('base64'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, listening] = / listening on (\S+)\n/.exec(said) ?? [];
      if (listening) resolve(listening);
    });
    server.once('close', () => reject(new Error(`The server for clients ended: ${said}`)));
  });
  project.provide('serverForClients', {
    url,
    database: { ...postgres, user: serverRole, database },
  });
  return async () => {
    const ended = once(server, 'close');
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
