import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, expect, inject, test } from 'vitest';
import { sharedServer } from '../client/shared-server.ts';
import { startModels } from './models.ts';
import { type PythonScript, pythonScripts } from './scripts.ts';

const models = await startModels();
afterAll(() => models.close());

const cases = pythonScripts.flatMap((script) =>
  script.environments.map((environment) => ({ ...script, environment })),
);

test.concurrent.each(cases)(
  '$name passes with $environment',
  { timeout: 120_000 },
  async (script) => {
    const { status, said } = await ended(script);
    // What a thread of a client throws does not end the program, but ends what the thread does.
    expect(said).not.toContain('Exception in thread');
    expect(status, said).toBe(0);
  },
);

/** Runs a script in an organization of its own; says how it ended and what it wrote. */
async function ended({ path, environment }: PythonScript & { readonly environment: string }) {
  const { url, key } = await sharedServer();
  const child = spawn(inject('pythons')[environment] ?? '', [path], {
    env: {
      BASE_URL: `${url}/v5`,
      KEY: key,
      MODEL_URL: models.url,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 100_000,
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'close');
  return { status, said: (await outputs).join('\n') };
}
