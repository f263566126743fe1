import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly optionalDependencies?: Readonly<Record<string, string>>;
        readonly inBundle?: boolean;
        readonly resolved?: string;
        readonly integrity?: string;
      }
    >
  >;
}

const lockfiles = ['package-lock.json', 'scripts/node/package-lock.json', 'web/package-lock.json'];

// `npm ci` refuses a lockfile that lacks one, and a machine of that platform would go without.
test.each(lockfiles)('%s holds the packages of every platform', async (path) => {
  const packages = await packagesOf(path);
  const names = new Set(packages.map(([place]) => place.split('node_modules/').at(-1)));
  const missing = packages.flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `${name} of ${place}`),
  );
  expect(missing).toEqual([]);
});

test.each(lockfiles)('%s says what each package is, and names no registry', async (path) => {
  for (const [place, entry] of await packagesOf(path)) {
    // What a package brings in its own archive is vouched for by that.
    if (place === '' || entry.inBundle) continue;
    expect(entry, place).toHaveProperty('integrity', expect.stringMatching(/^sha512-/));
    expect(entry, place).not.toHaveProperty('resolved');
  }
});

test('each package of the AI SDK is there once', async () => {
  const places = (await packagesOf('package-lock.json')).map(([place]) => place);
  expect(places.filter((place) => /node_modules\/.*node_modules\/@ai-sdk/.test(place))).toEqual([]);
});

async function packagesOf(path: string) {
  const text = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  return Object.entries((JSON.parse(text) as Lockfile).packages);
}
