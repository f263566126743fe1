import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { excesses, measure } from './budgets.ts';
import { compressFiles } from './compress.ts';

// Builds the web UI into web/dist. A server may be serving the files of the last build, so the new ones
// take their place when they are complete.

const web = fileURLToPath(new URL('..', import.meta.url));
// Two starts may build at once, each in a folder of its own.
const made = join(web, 'node_modules', '.cache', `build-${process.pid}`);
const served = join(web, 'dist');

await build({ root: web, logLevel: 'warn', build: { outDir: made, emptyOutDir: true } });
const sizes = measure(made);
const faults = excesses(sizes);
if (process.argv.includes('--sizes') || faults.length > 0) {
  for (const { what, bytes, budget } of sizes) {
    process.stdout.write(`${what}: ${kilobytes(bytes)} of ${kilobytes(budget)} kB, gzip\n`);
  }
}
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(1);
}
compressFiles(made);
rmSync(served, { recursive: true, force: true, maxRetries: 3 });
renameSync(made, served);

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
