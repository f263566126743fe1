import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiling the modules would be a third of a start. Where the folder cannot be written, it still is.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/loopwright', import.meta.url)));

// Modules that are imported at the top are compiled before the line above runs.
const { runCommandLine } = await import('./run-command-line.ts');
await runCommandLine(process.argv.slice(2));
