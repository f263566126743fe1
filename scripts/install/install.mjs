import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { hasLock, takeLock } from './lock.mjs';
import { findNode, nodeFolder, requireNodePackage, trimNode } from './node.mjs';
import { runNpm } from './npm.mjs';
import {
  hasAll,
  isHalfInstalled,
  isInstalled,
  isNoted,
  noteInstalled,
  readProgress,
  wasInstalled,
} from './packages.mjs';
import { showProgress } from './progress.mjs';
import { root } from './root.mjs';
import { buildWeb, hasWeb, isWebBuilt, noteBuilding, webFolder } from './web.mjs';

/**
 * Installs what is missing: the packages, and a newer Node when this one is too old. When two
 * processes do this at once, one installs and the other waits. The remains of an interrupted
 * install are removed first.
 *
 * @param options.all include the packages for development, and those of the web UI.
 * @returns the path of the Node that runs our programs.
 * @throws InstallError
 */
export async function ensureInstalled({ all }) {
  const ready = hasLock(root) ? undefined : readyNode({ all });
  if (ready) return ready;
  requireNodePackage();
  const lock = await lockRoot();
  // Check again: another process may have installed everything while this one waited.
  const node = (!lock.wasInterrupted && readyNode({ all })) || (await install({ all, lock }));
  lock.release();
  return node;
}

/**
 * Builds the web UI if it was not built from what is there now. Without it the server still has its
 * API, so a failure is told and stops nothing.
 *
 * @param node what {@link ensureInstalled} returned.
 */
export async function ensureBuilt(node) {
  if (isWebBuilt()) return;
  try {
    noteBuilding(true);
    if (hasLock(root) || !isInstalled(webFolder, { all: false })) await installWeb();
    await buildWeb(node);
  } catch (error) {
    if (!(error instanceof InstallError) || error.wasStopped) throw error;
    console.error(`${error.message}\nThe server has no web UI.`);
  } finally {
    noteBuilding(false);
  }
}

async function installWeb() {
  const lock = await lockRoot();
  if (lock.wasInterrupted && !isNoted(webFolder)) removePackages(webFolder);
  await installFolder(webFolder, { all: false, lock, what: 'the packages of the web UI' });
  lock.release();
}

function readyNode({ all }) {
  const isReady =
    isInstalled(root, { all }) && (!needsWeb({ all }) || isInstalled(webFolder, { all }));
  return isReady ? findNode() : undefined;
}

/** Checks and tests read the web UI. What only runs a server needs its packages for a build. */
function needsWeb({ all }) {
  return all && hasWeb();
}

async function lockRoot() {
  try {
    return await takeLock(root);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error;
    throw new InstallError(
      error.code === 'ENOSPC'
        ? 'Packages must be installed, but the disk is full. Free some space and start again.'
        : `Packages must be installed, but this account cannot write to the folder of Loopwright (${error.code}). ` +
            'Start Loopwright once as an account that can.',
    );
  }
}

async function install({ all, lock }) {
  // Decide before anything is removed: a start needs no packages for development, but must keep
  // installed ones.
  const withDevelopment = all || hasAll(root);
  if (lock.wasInterrupted) {
    console.error('The last install was interrupted. Removing what it left.');
    // Node is installed first and completely: when it is noted, the packages were interrupted.
    if (!isNoted(nodeFolder)) removePackages(nodeFolder);
    if (hasWeb() && !isNoted(webFolder)) removePackages(webFolder);
    removePackages(root);
  }
  if (!findNode()) {
    await npmInstall(nodeFolder, { all: false, lock, what: 'Node' });
    trimNode();
  }
  await installFolder(root, { all, withDevelopment, lock, what: 'packages' });
  if (needsWeb({ all })) {
    await installFolder(webFolder, { all, lock, what: 'the packages of the web UI' });
  }
  const node = findNode();
  if (node) return node;
  lock.release();
  throw new InstallError(
    'The installed Node does not run on this machine. Install Node 24 from https://nodejs.org and try again.',
  );
}

/** Installs the packages of a folder that lacks some. */
async function installFolder(folder, { all, withDevelopment = all, lock, what }) {
  // npm takes every package whose folder exists for complete, which is wrong after an interruption.
  if (isHalfInstalled(folder)) removePackages(folder);
  if (!isInstalled(folder, { all })) {
    await npmInstall(folder, { all: withDevelopment || hasAll(folder), lock, what });
  }
}

/** Runs npm in a folder, and checks that it installed everything. */
async function npmInstall(folder, { all, lock, what }) {
  const endProgress = showProgress(`Installing ${what}`, readProgress(folder, { all }));
  const { status, signal, error } = await runNpm(folder, {
    all,
    onStart: (pid) => lock.noteChild(pid),
  });
  endProgress();
  if (signal) {
    // Keep the lock: a dead lock tells the next start that this install was interrupted.
    throw new InstallError(`The install was stopped (${signal}). Start again to repeat it.`, {
      wasStopped: true,
    });
  }
  const isDone = status === 0 && wasInstalled(folder, { all });
  if (isDone) {
    noteInstalled(folder, { all });
    return;
  }
  // npm rolls back when it fails. If it crashes instead, the next start notices the remains.
  lock.release();
  if (error)
    throw new InstallError(`npm could not be started (${error.code}). Is it on your PATH?`);
  throw new InstallError(
    status === 0
      ? `npm ended without an error but did not install the ${what}. This is a known fault of npm ` +
          '("Exit handler never called!"). Try again. If that does not help, use another npm: ' +
          '`npm install -g npm@latest`, or `npx npm@10.8.2 start`.'
      : `npm could not install the ${what} (exit code ${status}). Its output above says why.`,
  );
}

function removePackages(folder) {
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true, maxRetries: 3 });
}
