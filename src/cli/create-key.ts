import { createKey } from '../compose.ts';
import { readConfig } from '../config.ts';

/** `create-key [name]`: prints a new API key. */
export async function createKeyCommand(): Promise<void> {
  const [, name = 'made by create-key'] = process.argv.slice(2);
  console.log(await createKey(readConfig(), name));
}
