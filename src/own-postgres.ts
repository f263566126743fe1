import type { Config } from './config.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './database/postgres/embedded-postgres.ts';
import { createLogger, type Logger } from './kernel/logger.ts';

/** The most connections of all servers on one data folder together, including `psql`. */
const embeddedConnections = 100;

export function serverLogger(config: Config): Logger {
  return createLogger(config.logLevel, (line) => process.stderr.write(line));
}

/**
 * Starts the configured Postgres, or connects to one that runs; undefined when the configuration
 * names another database. It is in a file of its own, so that it can start while everything else is
 * loaded.
 */
export async function startOwnPostgres(
  config: Config,
  logger: Logger,
): Promise<EmbeddedPostgres | undefined> {
  if (config.databaseUrl !== undefined) return undefined;
  return startEmbeddedPostgres({
    dataDir: config.dataDir,
    maxConnections: embeddedConnections,
    log: (message) => logger.warn({}, message),
  });
}
