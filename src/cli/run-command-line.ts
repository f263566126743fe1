import { version } from '../kernel/version.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { printableLines } from './printable.ts';

/** Does what a command line says. What goes wrong is told on stderr, and makes the exit code 1. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  // Nobody reads our output any more: `npm run log … | head` (EPIPE), or a closed terminal (EIO).
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE' && code !== 'EIO') throw new Error(`Output cannot be written: ${code}`);
    });
  }
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
