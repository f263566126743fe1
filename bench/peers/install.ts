import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The platforms that are compared with ours, and their dependencies. */
const packages = {
  '@dbos-inc/dbos-sdk': '5.3.0',
  '@langchain/core': '1.4.0',
  '@langchain/langgraph': '1.7.3',
  '@langchain/langgraph-cli': '2.0.0',
  '@portkey-ai/gateway': '1.15.2',
};

/** 200 MB that nothing else in this project needs. */
export const peersFolder = fileURLToPath(new URL('./.installed/', import.meta.url));

/**
 * Installs these versions of the peers with npm, unless they are there. Runs no install scripts.
 */
export async function installPeers(): Promise<void> {
  const marker = `${peersFolder}installed.json`;
  const wanted = JSON.stringify(packages);
  if ((await readFile(marker, 'utf8').catch(() => '')) === wanted) return;
  console.log('Installing the peers (200 MB) …');
  await mkdir(peersFolder, { recursive: true });
  const manifest = { name: 'peers', private: true, type: 'module', dependencies: packages };
  await writeFile(`${peersFolder}package.json`, JSON.stringify(manifest));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--workspaces=false'];
  await promisify(execFile)('npm', args, { cwd: peersFolder });
  await writeFile(marker, wanted);
}
