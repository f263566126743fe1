import type { Config } from './config.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './database/postgres/embedded-postgres.ts';
import { createLogger, type Logger } from './kernel/logger.ts';

/** Most connections of all servers on one data folder together, and of `psql`. */
const embeddedConnections = 100;

/** The log of a server. */
export function serverLogger(config: Config): Logger {
  return createLogger(config.logLevel, (line) => process.stderr.write(line));
}

/**
 * Starts the Postgres of a configuration, or finds it running; undefined where the configuration
 * names another. It stands apart from all that uses it, so that it can start while that is loaded.
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
