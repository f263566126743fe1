import { version } from '../kernel/version.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { CommandFailure } from './exit.ts';
import { printableLines } from './printable.ts';

/**
 * Runs a command line. An error is printed to stderr and sets the exit code: that of the failure, or
 * that of the command for a wrong command line, or else 1.
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  // Exit quietly when our output is closed: `npm run log … | head` (EPIPE), or a closed terminal
  // (EIO).
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE' && code !== 'EIO') throw new Error(`Output cannot be written: ${code}`);
    });
  }
  try {
    const { command, given, argument } = readCommandLine(args, commands);
    if (given.help) console.log((await import('./help.ts')).helpText(command));
    else if (given.version) console.log(version);
    else await command.run(given, argument);
  } catch (error) {
    console.error(printableLines(error instanceof Error ? error.message : String(error)));
    process.exitCode = error instanceof CommandFailure ? error.exitCode : 1;
  }
}
