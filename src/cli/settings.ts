import { type Config, readConfig, readEnvironment } from '../config.ts';
import type { Given } from './command.ts';
import type { serverOptions } from './options.ts';

/** The configuration, in which the options of a command override the environment. */
export function configWith(given: Given<typeof serverOptions>): Config {
  const { port, host, 'data-dir': dataDir } = given;
  return readConfig({
    ...readEnvironment(),
    ...(port === undefined ? {} : { PORT: port }),
    ...(host === undefined ? {} : { HOST: host }),
    ...(dataDir === undefined ? {} : { LOOPWRIGHT_DATA_DIR: dataDir }),
  });
}
