import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Caches compiled modules, since compiling them takes a third of a start. Without a writable folder
// there is no cache.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/loopwright', import.meta.url)));

// Not a static import: those are loaded before the line above runs.
const { runCommandLine } = await import('./run-command-line.ts');
await runCommandLine(process.argv.slice(2));
