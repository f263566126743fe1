import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiling the modules would be a third of a start. Where the folder cannot be written, it still is.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/loopwright', import.meta.url)));

/** Each loads what it needs when it is asked for. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
  'create-key': async () => (await import('./create-key.ts')).createKeyCommand(),
  reprice: async () => (await import('./reprice.ts')).repriceCommand(),
};

const [name = 'serve'] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) {
  await command().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
} else {
  console.error(`There is no command ${name}. Commands: ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 1;
}
