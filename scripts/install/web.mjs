import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { root } from './root.mjs';

/** The folder of the web UI, which has packages of its own. */
export const webFolder = join(root, 'web');
const built = join(webFolder, 'dist');
/** Says from what the UI in its folder was built. */
const note = join(built, '.built-from');
/** Names the process that builds the UI. The server looks for it (src/http/pages/web-ui.ts). */
const building = `${built}.building`;
const made = ['node_modules', 'dist', 'dist.building'];

/** Whether the web UI is here: what is published has it built, without its sources. */
export function hasWeb() {
  return existsSync(join(webFolder, 'package-lock.json'));
}

/** Whether the UI that the server would serve was made of the sources that are here. */
export function isWebBuilt() {
  return !hasWeb() || (existsSync(note) && readFileSync(note, 'utf8') === currentSources());
}

/**
 * Builds the web UI in a process of its own, since the tools that do it would stay in ours.
 *
 * @param node the Node to run it with.
 * @throws InstallError when it cannot be built.
 */
export async function buildWeb(node) {
  const sources = currentSources();
  if (!process.stderr.isTTY) console.error('Building the web UI. This takes some seconds.');
  const child = spawn(node, [join(webFolder, 'build', 'main.ts')], {
    cwd: webFolder,
    // What it prints goes to stderr, because stdout belongs to the program that will run.
    stdio: ['ignore', 2, 2],
  });
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (code !== 0) {
    throw new InstallError(`The web UI could not be built (${signal ?? `exit code ${code}`}).`, {
      wasStopped: signal !== null,
    });
  }
  writeFileSync(note, sources);
}

/** Says that this process builds the UI from now on, or no longer. */
export function noteBuilding(isBuilding) {
  try {
    if (isBuilding) writeFileSync(building, String(process.pid));
    else rmSync(building, { force: true });
  } catch {
    // Whoever cannot write here cannot build here either, and is told so.
  }
}

/** Changes with every file of the web UI but its tests. */
function currentSources() {
  const hash = createHash('sha256');
  const files = readdirSync(webFolder, { withFileTypes: true })
    .filter((entry) => !made.includes(entry.name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(webFolder, entry.name), { recursive: true, withFileTypes: true })
        : [entry],
    )
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  for (const file of files) {
    hash.update(file.slice(webFolder.length)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}
