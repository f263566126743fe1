import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { textOf } from '../support/server.ts';
import { whenDone } from '../support/when-done.ts';

/** A process of llama.cpp's server. */
export interface LlamaServer {
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('llama_server.py', import.meta.url));

/** Starts llama.cpp's server; resolves when it has loaded its model and listens. */
export async function startLlama(port: number): Promise<LlamaServer> {
  const child = spawn(inject('modelPython'), [program, String(port)], {
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const said = textOf(child, 'stderr');
  const kill = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  whenDone(kill);
  await Promise.race([
    once(child.stdout, 'data'),
    closed.then(() => Promise.reject(new Error(`llama.cpp did not start: ${said()}`))),
  ]);
  return { kill };
}
