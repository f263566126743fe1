import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testServers } from '../server.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const file = join(dataDir, 'a-file');
await writeFile(file, 'Not a folder.');
const server = await servers.start({ dataDir });

test.each([
  {
    title: 'a data folder that is a file',
    env: { LOOPWRIGHT_DATA_DIR: file },
    sentence: `LOOPWRIGHT_DATA_DIR is ${file}, and ${file} cannot be made, since a file is in the way: set it to a folder, or to none yet.`,
  },
  {
    title: 'a data folder below a file',
    env: { LOOPWRIGHT_DATA_DIR: join(file, 'data') },
    sentence: `LOOPWRIGHT_DATA_DIR is ${file}/data, and ${file}/data cannot be made, since a file is in the way: set it to a folder, or to none yet.`,
  },
  {
    title: 'an address of another machine',
    env: { HOST: '192.0.2.1' },
    sentence:
      'HOST 192.0.2.1 is not an address of this machine (EADDRNOTAVAIL): set it to 127.0.0.1 for this machine alone, or to 0.0.0.0 to be reached from others.',
  },
])('$title: the start ends with a sentence that says so', async ({ env, sentence }) => {
  const refused = await servers.run('serve', { dataDir, env: { LOG_LEVEL: 'error', ...env } });
  expect(refused).toEqual({ code: 1, signal: null, stdout: '', stderr: `${sentence}\n` });
  expect((await server.get('/readyz')).status).toBe(200);
});

test('a DATABASE_URL that is none is told with its form, and without its password', async () => {
  const env = {
    DATABASE_URL: 'postgres://me:s#cret@localhost/db',
    LOOPWRIGHT_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  };
  expect(await servers.run('serve', { dataDir, env })).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Bad configuration.\n  DATABASE_URL must be the address of a Postgres, as in ' +
      'postgres://user:password@host:5432/database; a # / ? @ or % of the password is written as ' +
      '%23 %2F %3F %40 or %25\n',
  });
});
