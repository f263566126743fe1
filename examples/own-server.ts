import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, constants, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Loopwright that runs for one example. */
export interface OwnServer {
  /** Its URL. Rejects when it could not be started. */
  readonly url: Promise<string>;
  /** One of its API keys. */
  readonly key: string;
  stop(): Promise<void>;
}

/**
 * Starts a Loopwright on a free port, with a temporary data folder that is deleted when it stops.
 * It also stops when this process ends, however that happens.
 *
 * @param settings environment variables that are set in addition to our own.
 */
export async function startOwnServer(
  settings: Readonly<Record<string, string>>,
): Promise<OwnServer> {
  const folder = await newDataFolder();
  const key = `example-${randomUUID()}`;
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'serve', '--stop-with-parent'], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: '',
      LOOPWRIGHT_DATA_DIR: folder,
      LOOPWRIGHT_API_KEY: key,
      LOG_LEVEL: 'error',
      // Colours off, because the URL is read from its output.
      FORCE_COLOR: '0',
      NO_COLOR: '1',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  return {
    url: readAddress(child),
    key,
    async stop() {
      child.kill();
      await closed;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loopwright-example-'));
  // Postgres refuses to run as root. Under root it uses another account, which must be able to
  // enter.
  await chmod(folder, 0o755);
  // Making the snapshot that Python starts from takes four seconds, so all examples share one.
  // Where it cannot be stored, each example makes its own.
  const kept = fileURLToPath(new URL('../node_modules/.cache/loopwright/python', import.meta.url));
  await mkdir(kept, { recursive: true, mode: 0o700 })
    .then(() => access(kept, constants.W_OK))
    .then(() => symlink(kept, join(folder, 'python'), 'junction'))
    .catch(() => undefined);
  return folder;
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
      const [, url] = / listening on (\S+)/.exec(output) ?? [];
      if (url) resolve(url);
    });
    child.once('close', () => reject(new Error('Loopwright could not be started.')));
  });
}
