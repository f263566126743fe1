import { readLog, readRun } from '../administration.ts';
import type { Given } from './command.ts';
import type { databaseOptions } from './options.ts';
import { printableLines } from './printable.ts';
import { runText } from './run-text.ts';
import { configWith } from './settings.ts';

/** `log`: prints a run as a tree, or its log as the API returns it. */
export async function showLog(
  given: Given<typeof databaseOptions> & { readonly json?: boolean },
  id: string,
): Promise<void> {
  const config = configWith(given);
  if (given.json) {
    console.log(printableLines(JSON.stringify(await readLog(config, id), null, 2)));
  } else {
    console.log(runText(await readRun(config, id), process.stdout.columns ?? pipedWidth));
  }
}

/** The width in characters when the output is no terminal. */
const pipedWidth = 120;
