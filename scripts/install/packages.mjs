import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// npm writes node_modules/.package-lock.json, last of all: what it has installed. Comparing that with
// package-lock.json takes some milliseconds, so a note beside it says that it was done.
const lockfileOf = (folder) => join(folder, 'package-lock.json');
const installedOf = (folder) => join(folder, 'node_modules', '.package-lock.json');
const noteOf = (folder) => join(folder, 'node_modules', '.loopwright-installed');

const platform = `${process.platform}-${process.arch}`;

/**
 * Whether the packages that a folder's lockfile names are installed.
 *
 * @param options.all those for development too.
 */
export function isInstalled(folder, { all }) {
  if (isNoted(folder) && (hasAll(folder) || !all)) return true;
  const has = isThere(folder);
  if (!wanted(folder, { all }).every(has)) return false;
  try {
    noteInstalled(folder, { all: wanted(folder, { all: true }).every(has) });
  } catch {
    // The folder belongs to another account. Then the next start compares again.
  }
  return true;
}

/** The same, of what npm says that it has just installed: an optional package may be missing, a file may not. */
export function wasInstalled(folder, { all }) {
  if (!existsSync(installedOf(folder))) return false;
  const has = isThere(folder);
  return wanted(folder, { all }).every((wish) =>
    has(wish) ? existsSync(join(folder, wish.path, 'package.json')) : wish.isOptional,
  );
}

/** Notes that the packages are installed, so that the next start need not compare them. */
export function noteInstalled(folder, { all }) {
  writeFileSync(noteOf(folder), JSON.stringify({ state: stateOf(folder), all }));
}

/** Whether an install came to its end here, and nothing has changed since. */
export function isNoted(folder) {
  return readNote(folder)?.state === stateOf(folder);
}

/** Whether the packages for development were installed, which must not go because a start needs none. */
export function hasAll(folder) {
  return readNote(folder)?.all === true;
}

/** Whether there are packages of an install that did not come to its end. */
export function isHalfInstalled(folder) {
  return existsSync(join(folder, 'node_modules')) && !existsSync(installedOf(folder));
}

/** How many packages are to be installed, and how many have come. */
export function progressOf(folder, { all }) {
  const paths = wanted(folder, { all }).map(({ path }) => join(folder, path, 'package.json'));
  return { total: paths.length, count: () => paths.filter((path) => existsSync(path)).length };
}

/** The packages of the lockfile that belong on this machine. */
function wanted(folder, { all }) {
  return Object.entries(packagesOf(lockfileOf(folder)) ?? {}).flatMap(
    ([path, { version, link, dev, optional, devOptional, os, cpu, libc }]) => {
      const isOurs = path.startsWith('node_modules/') && !link && (all || !(dev || devOptional));
      // Which C library a machine has is for npm to find out.
      const fits = !libc && fitsIn(os, process.platform) && fitsIn(cpu, process.arch);
      return isOurs && fits ? [{ path, version, isOptional: optional === true }] : [];
    },
  );
}

/** Whether a list of `os` or `cpu` allows a value; `!win32` is anything else. */
function fitsIn(given, value) {
  if (!given) return true;
  const list = [given].flat();
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.some((item) => item.startsWith('!'));
}

function isThere(folder) {
  const installed = packagesOf(installedOf(folder)) ?? {};
  return ({ path, version }) => installed[path]?.version === version;
}

function packagesOf(lockfile) {
  return readJson(lockfile)?.packages;
}

function readNote(folder) {
  return readJson(noteOf(folder));
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // It is not there, or was cut off while it was written.
  }
}

/** What a note is about: this platform, our lockfile, and what npm has done last. */
function stateOf(folder) {
  const lockfile = readFileSync(lockfileOf(folder));
  const doneAt = statSync(installedOf(folder), { throwIfNoEntry: false })?.mtimeMs;
  return createHash('sha256').update(lockfile).update(`${platform} ${doneAt}`).digest('hex');
}
