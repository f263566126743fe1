import { version } from '../kernel/version.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { printableLines } from './printable.ts';

/** Does what a command line says. What goes wrong is told on stderr, and makes the exit code 1. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  // Whoever read our output has read enough: `npm run log … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const { command, given, argument } = readCommandLine(args, commands);
    if (given.help) console.log((await import('./help.ts')).helpOf(command));
    else if (given.version) console.log(version);
    else await command.run(given, argument);
  } catch (error) {
    console.error(printableLines(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  }
}
