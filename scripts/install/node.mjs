import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { root } from './root.mjs';

/** The folder of the Node that comes with this repository, for machines whose own is too old. */
export const nodeFolder = join(root, 'scripts', 'node');

const isWindows = process.platform === 'win32';
const platform = `${isWindows ? 'win' : process.platform}-${process.arch}`;
const packageFolder = join(nodeFolder, 'node_modules', `node-${platform}`);
// Not node_modules/.bin/node: npm before 11.1 does not create that link.
const binary = join(packageFolder, 'bin', isWindows ? 'node.exe' : 'node');
/** The platforms for which Node is published as an npm package. */
const platforms = ['linux-x64', 'linux-arm64', 'win-x64'];

/**
 * The path of a Node that runs TypeScript: the current one or ours; undefined when ours must be
 * installed first.
 */
export function findNode() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  if (!existsSync(binary)) return undefined;
  const { status } = spawnSync(binary, ['--version'], { stdio: 'ignore' });
  return status === 0 ? binary : undefined;
}

/**
 * @throws InstallError when this Node is too old and this platform has no package of a newer one.
 */
export function requireNodePackage() {
  if (runsTypeScript(process.versions.node) || platforms.includes(platform)) return;
  throw new InstallError(
    `Loopwright needs Node 22.18, 23.6, or 24 and newer. This is ${process.versions.node}. Install Node 24 from https://nodejs.org, and try again.`,
  );
}

/** Removes the parts that only C programs need: 67 of 189 MB. */
export function trimNode() {
  for (const part of ['include', 'share']) {
    rmSync(join(packageFolder, part), { recursive: true, force: true });
  }
}

/** Node strips types without a flag since 22.18 and 23.6. */
export function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}
