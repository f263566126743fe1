import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { webUiPolicy } from './security-headers.ts';

/** The built web UI: the files that `web/build` makes. Nothing is kept in memory. */
export interface WebUi {
  /** The page itself, with the policy that it needs; undefined if the UI is not built. */
  page(): Promise<{ readonly html: string; readonly policy: string } | undefined>;
  /** Whether it is being built now. */
  isBeingBuilt(): Promise<boolean>;
  /** A file that the page loads, in the smallest form that the reader accepts. */
  file(name: string, accepted: string | undefined): Promise<WebFile | undefined>;
}

export interface WebFile {
  readonly content: Buffer;
  readonly contentType: string;
  /** How the content is compressed, if it is. */
  readonly encoding: 'br' | 'gzip' | undefined;
}

/**
 * Where the UI has pages, by the first part of their addresses. What is not among them is no page and
 * stays a 404. The pages themselves are in `web/src/routes`.
 */
export const webUiPaths = [
  'api',
  'dir',
  'evaluations',
  'f',
  'invitation',
  'login',
  'logs',
  'reset',
  'settings',
  'setup',
] as const;

/** @param folder where the built UI is, or would be. */
export function webUi(folder: string): WebUi {
  return {
    async page() {
      const html = await readIfThere(join(folder, 'index.html'));
      if (html === undefined) return undefined;
      const nonce = randomBytes(16).toString('base64');
      const policy = webUiPolicy(nonce);
      return { html: html.toString().replace('__STYLE_NONCE__', nonce), policy };
    },
    async isBeingBuilt() {
      const builder = await readIfThere(`${folder}.building`);
      return builder !== undefined && isRunning(Number(builder.toString()));
    },
    async file(name, accepted) {
      const contentType = contentTypes[extname(name)];
      if (contentType === undefined || !plainName.test(name)) return undefined;
      for (const { encoding, ending } of encodings) {
        if (!accepted?.includes(encoding)) continue;
        const content = await readIfThere(join(folder, `${name}${ending}`));
        if (content) return { content, contentType, encoding };
      }
      const content = await readIfThere(join(folder, name));
      return content && { content, contentType, encoding: undefined };
    },
  };
}

/** Of a file in the folder, or in `assets` in it. It cannot lead out. */
const plainName = /^(assets\/)?\w[\w.-]*$/;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The smallest first. */
const encodings = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/** A build that was killed has left its note. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It runs as another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
