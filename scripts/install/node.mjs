import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { root } from './root.mjs';

/** The package that has the Node of this repository, for machines whose own is too old. */
export const nodeFolder = join(root, 'scripts', 'node');

const isWindows = process.platform === 'win32';
const platform = `${isWindows ? 'win' : process.platform}-${process.arch}`;
const packageFolder = join(nodeFolder, 'node_modules', `node-${platform}`);
// Not node_modules/.bin/node: npm before 11.1 does not make that link.
const binary = join(packageFolder, 'bin', isWindows ? 'node.exe' : 'node');
/** Where Node is published as a package. */
const platforms = ['linux-x64', 'linux-arm64', 'win-x64'];

/** The path of a Node that runs TypeScript: this one, or ours; undefined when ours is to be installed. */
export function findNode() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  if (!existsSync(binary)) return undefined;
  const { status } = spawnSync(binary, ['--version'], { stdio: 'ignore' });
  return status === 0 ? binary : undefined;
}

/** @throws InstallError where this Node is too old and there is no package of a newer one. */
export function requireNodePackage() {
  if (runsTypeScript(process.versions.node) || platforms.includes(platform)) return;
  throw new InstallError(
    `Loopwright needs Node 22.18, 23.6, or 24 and newer. This is ${process.versions.node}. Install Node 24 from https://nodejs.org, and try again.`,
  );
}

/** Removes what only programs in C need of a Node: 67 of its 189 MB. */
export function trimNode() {
  for (const part of ['include', 'share']) {
    rmSync(join(packageFolder, part), { recursive: true, force: true });
  }
}

/** Node leaves types out by itself since 22.18 and 23.6. */
export function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}
