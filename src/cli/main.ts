import { createKeyCommand } from './create-key.ts';
import { demoCommand } from './demo.ts';
import { repriceCommand } from './reprice.ts';
import { serveCommand } from './serve.ts';

const commands: Readonly<Record<string, () => Promise<void>>> = {
  serve: serveCommand,
  demo: demoCommand,
  'create-key': createKeyCommand,
  reprice: repriceCommand,
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
