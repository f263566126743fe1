import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A package registry on this machine, which speaks to npm as a real one does. */
export interface Registry {
  readonly url: string;
  /** The integrity of a package's archive, as lockfiles have it. */
  integrityOf(name: string): string;
  /** How often a package's archive was asked for. */
  downloadsOf(name: string): number;
  /** Keeps back the second half of a package's archive, until `release`. */
  hold(name: string): Hold;
  /** Answers every request with this status from now on; undefined: as ever. */
  failWith(status: number | undefined): void;
  close(): Promise<void>;
}

interface Hold {
  /** Resolves when the first half of the archive is on its way. */
  readonly isAsked: Promise<void>;
  release(): void;
}

/** Version of every package. */
export const version = '1.0.0';

/** Starts a registry of packages that have one file each, which exports the package's name. */
export async function startRegistry(names: readonly string[]): Promise<Registry> {
  const archives = new Map<string, Buffer>();
  for (const name of names) archives.set(name, await archiveOf(name));
  const archive = (name: string): Buffer => archives.get(name) ?? Buffer.of();
  const integrityOf = (name: string) =>
    `sha512-${createHash('sha512').update(archive(name)).digest('base64')}`;
  const downloads = new Map<string, number>();
  const holds = new Map<string, { ask: () => void; released: Promise<void> }>();
  let failure: number | undefined;

  async function send(name: string, response: ServerResponse): Promise<void> {
    const body = archive(name);
    response.writeHead(200, { 'content-length': body.length });
    const half = Math.floor(body.length / 2);
    response.write(body.subarray(0, half));
    const hold = holds.get(name);
    hold?.ask();
    await hold?.released;
    response.end(body.subarray(half));
  }

  const server = createServer((request, response) => {
    const [, name = '', isArchive] = /^\/([^/]+)(\/-\/)?/.exec(request.url ?? '') ?? [];
    if (failure !== undefined || !archives.has(name)) {
      response.writeHead(failure ?? 404).end('{}');
    } else if (isArchive) {
      downloads.set(name, (downloads.get(name) ?? 0) + 1);
      void send(name, response);
    } else {
      const dist = { tarball: `${url}/${name}/-/${name}.tgz`, integrity: integrityOf(name) };
      response.end(
        JSON.stringify({
          name,
          'dist-tags': { latest: version },
          versions: { [version]: { name, version, dist } },
        }),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    integrityOf,
    downloadsOf: (name) => downloads.get(name) ?? 0,
    hold(name) {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      holds.set(name, { ask: asked.resolve, released: released.promise });
      return {
        isAsked: asked.promise,
        release() {
          holds.delete(name);
          released.resolve();
        },
      };
    },
    failWith(status) {
      failure = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An npm package as registries keep it: a compressed archive of a folder `package`. */
async function archiveOf(name: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-package-'));
  try {
    await mkdir(join(folder, 'package'));
    await writeFile(join(folder, 'package', 'package.json'), JSON.stringify({ name, version }));
    await writeFile(join(folder, 'package', 'index.js'), `module.exports = '${name}';\n`);
    await promisify(execFile)('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
    return await readFile(join(folder, 'package.tgz'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
