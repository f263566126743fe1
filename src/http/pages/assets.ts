import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that a page loads. */
export interface Asset {
  readonly contentType: string;
  /** Changes with the content. */
  readonly fingerprint: string;
  /**
   * Reads its content. Nothing is kept in memory: the largest has 1.7 MB and is rarely requested.
   */
  read(): Promise<Buffer>;
}

/** The path below which assets are served. */
export const assetsPath = '/docs/assets';

/**
 * The address of an asset. It changes with the content, so the content of an address never changes.
 */
export async function assetUrl(name: AssetName): Promise<string> {
  return `${assetsPath}/${name}?v=${await fingerprintOf(name)}`;
}

/** Finds an asset by its name. */
export async function findAsset(name: string): Promise<Asset | undefined> {
  if (!isAssetName(name)) return undefined;
  const contentType = contentTypes[extname(name)] as string;
  return { contentType, fingerprint: await fingerprintOf(name), read: () => readAsset(name) };
}

const require = createRequire(import.meta.url);
const ofOurOwn = (name: string) => () =>
  fileURLToPath(new URL(`./assets/${name}`, import.meta.url));
const ofSwaggerUi = (name: string) => () => require.resolve(`swagger-ui-dist/${name}`);

/** The file of each asset. */
const paths = {
  'icon.svg': ofOurOwn('icon.svg'),
  'tokens.css': ofOurOwn('tokens.css'),
  'home.css': ofOurOwn('home.css'),
  'home.js': ofOurOwn('home.js'),
  'building.js': ofOurOwn('building.js'),
  'console.css': ofOurOwn('console.css'),
  'console.js': ofOurOwn('console.js'),
  'swagger-ui.css': ofSwaggerUi('swagger-ui.css'),
  'swagger-ui-bundle.js': ofSwaggerUi('swagger-ui-bundle.js'),
} satisfies Readonly<Record<string, () => string>>;

export type AssetName = keyof typeof paths;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Each file is hashed once: files do not change while the server runs. */
const fingerprints: Partial<Record<AssetName, string>> = {};

function isAssetName(name: string): name is AssetName {
  return Object.hasOwn(paths, name);
}

function readAsset(name: AssetName): Promise<Buffer> {
  return readFile(paths[name]());
}

async function fingerprintOf(name: AssetName): Promise<string> {
  fingerprints[name] ??= hashOf(await readAsset(name));
  return fingerprints[name];
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
