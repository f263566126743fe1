import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// npm writes node_modules/.package-lock.json last; it lists what npm has installed. Comparing it
// with package-lock.json takes some milliseconds, so a note beside it records that they were equal.
const lockfileOf = (folder) => join(folder, 'package-lock.json');
const installedOf = (folder) => join(folder, 'node_modules', '.package-lock.json');
const noteOf = (folder) => join(folder, 'node_modules', '.loopwright-installed');

const platform = `${process.platform}-${process.arch}`;

/**
 * Whether the packages that a folder's lockfile names are installed.
 *
 * @param options.all include those for development.
 */
export function isInstalled(folder, { all }) {
  if (isNoted(folder) && (hasAll(folder) || !all)) return true;
  const has = isThere(folder);
  if (!wanted(folder, { all }).every(has)) return false;
  try {
    noteInstalled(folder, { all: wanted(folder, { all: true }).every(has) });
  } catch {
    // The folder belongs to another account; the next start compares again.
  }
  return true;
}

/** The same check right after an install: an optional package may be missing, a file may not. */
export function wasInstalled(folder, { all }) {
  if (!existsSync(installedOf(folder))) return false;
  const has = isThere(folder);
  return wanted(folder, { all }).every((wish) =>
    has(wish) ? existsSync(join(folder, wish.path, 'package.json')) : wish.isOptional,
  );
}

/** Records that the packages are installed, so that the next start need not compare. */
export function noteInstalled(folder, { all }) {
  writeFileSync(noteOf(folder), JSON.stringify({ state: currentState(folder), all }));
}

/** Whether an install was completed here and nothing has changed since. */
export function isNoted(folder) {
  return readNote(folder)?.state === currentState(folder);
}

/**
 * Whether the packages for development are installed. A start that does not need them must keep
 * them.
 */
export function hasAll(folder) {
  return readNote(folder)?.all === true;
}

/** Whether packages exist from an install that was not completed. */
export function isHalfInstalled(folder) {
  return existsSync(join(folder, 'node_modules')) && !existsSync(installedOf(folder));
}

/** How many packages must be installed, and how many are there. */
export function readProgress(folder, { all }) {
  const paths = wanted(folder, { all }).map(({ path }) => join(folder, path, 'package.json'));
  return { total: paths.length, count: () => paths.filter((path) => existsSync(path)).length };
}

/** The packages of the lockfile that this platform needs. */
function wanted(folder, { all }) {
  return Object.entries(listPackages(lockfileOf(folder)) ?? {}).flatMap(
    ([path, { version, link, inBundle, dev, optional, devOptional, os, cpu, libc }]) => {
      // What is in the bundle of another package comes and goes with that one.
      const isPackage = path.startsWith('node_modules/') && !link && !inBundle;
      const isOurs = isPackage && (all || !(dev || devOptional));
      // npm finds out which C library the machine has.
      const fits = !libc && fitsIn(os, process.platform) && fitsIn(cpu, process.arch);
      return isOurs && fits ? [{ path, version, isOptional: optional === true }] : [];
    },
  );
}

/** Whether a list of `os` or `cpu` allows a value; `!win32` means every other value. */
function fitsIn(given, value) {
  if (!given) return true;
  const list = [given].flat();
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.some((item) => item.startsWith('!'));
}

function isThere(folder) {
  const installed = listPackages(installedOf(folder)) ?? {};
  return ({ path, version }) => installed[path]?.version === version;
}

function listPackages(lockfile) {
  return readJson(lockfile)?.packages;
}

function readNote(folder) {
  return readJson(noteOf(folder));
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // It does not exist, or was cut off while it was written.
  }
}

/** What a note depends on: the platform, our lockfile, and npm's own record. */
function currentState(folder) {
  const lockfile = readFileSync(lockfileOf(folder));
  const doneAt = statSync(installedOf(folder), { throwIfNoEntry: false })?.mtimeMs;
  return createHash('sha256').update(lockfile).update(`${platform} ${doneAt}`).digest('hex');
}
