import type { Config } from './config.ts';
import { type Database, openDatabase, type PoolOptions } from './database/database.ts';
import type { EmbeddedPostgres } from './database/postgres/embedded-postgres.ts';
import { isDiskFull } from './database/postgres/failures.ts';
import { reachDatabase } from './database/reach-database.ts';
import { databaseStartError, isDatabaseError, unknownStartError } from './database/start-errors.ts';
import { dataFolderFailure, isDataFolderError } from './kernel/data-folder-failure.ts';
import { PlatformError } from './kernel/errors.ts';
import { errorFields, type Logger } from './kernel/logger.ts';

/** Waits for the database at `DATABASE_URL`; our own Postgres answers as soon as it has started. */
export async function reachConfigured(
  { databaseUrl }: Config,
  patience: Parameters<typeof reachDatabase>[1],
): Promise<void> {
  if (databaseUrl !== undefined) await reachDatabase(databaseUrl, patience);
}

/**
 * Explains a failure of the database during the start. When the cause is known to be a setting, it
 * becomes a StartFailure about that setting. Otherwise it may be a bug of ours, so the whole error
 * is logged.
 */
export function explainToOperator(
  { databaseUrl, dataDir }: Config,
  logger: Logger,
  error: unknown,
): unknown {
  if (!isDatabaseError(error)) return error;
  const cause = error instanceof PlatformError && error.cause ? error.cause : error;
  if (databaseUrl === undefined) {
    if (isDataFolderError(cause)) return dataFolderFailure(dataDir, cause);
  } else {
    const { isKnown, failure } = databaseStartError(databaseUrl, error);
    if (isKnown) return failure;
  }
  logger.error(errorFields(cause), 'The server could not start because of a database error.');
  return unknownStartError(error);
}

/** @param postgres our own Postgres; undefined when `DATABASE_URL` names another. */
export function openDatabases(
  config: Config,
  logger: Logger,
  postgres: EmbeddedPostgres | undefined,
): OpenedDatabase {
  const options: PoolOptions = {
    onError: (error: Error) =>
      logger.warn(errorFields(error), 'An idle database connection broke. It is replaced.'),
    onSilenceChange: (isSilent: boolean) =>
      logger.warn(
        {},
        isSilent
          ? 'The database does not answer. Requests are refused until it does.'
          : 'The database answers again.',
      ),
    findFullDiskCause: () => {
      const failure = postgres?.failure();
      return failure && isDiskFull(failure) ? failure : undefined;
    },
  };
  const onFullDiskChange = (cause: unknown) =>
    cause === undefined
      ? logger.warn({}, 'The disk of the database has room again.')
      : logger.error(
          errorFields(cause),
          'The disk of the database is full. Nothing can be stored.',
        );
  const onStatementsLost = () =>
    logger.warn(
      {},
      'A connection pooler loses prepared statements, so the server no longer prepares any, and calls ' +
        'take longer. Connect to Postgres directly, or let the pooler keep them (max_prepared_statements).',
    );
  const poolOptions: PoolOptions = {
    ...options,
    onFullDiskChange,
    onStatementsLost,
    max: config.databasePoolSize,
    statementLimits: config.statementLimits,
  };
  const { databaseUrl = '' } = config;
  const connection = postgres?.connection ?? { connectionString: databaseUrl };
  const database = openDatabase(connection, poolOptions);
  // A pool connects on first use, so a command that needs no leases opens no connection.
  const leaseDatabase = openDatabase(connection, {
    ...options,
    disk: database.disk,
    max: leaseConnections,
  });
  return {
    database,
    leaseDatabase,
    async close() {
      await Promise.all([database.close(), leaseDatabase.close()]);
      await postgres?.stop();
    },
  };
}

/** Connections for leases and cancels alone; see `EngineParts`. */
const leaseConnections = 3;

interface OpenedDatabase {
  readonly database: Database;
  /** A second pool on the same database; see `EngineParts`. */
  readonly leaseDatabase: Database;
  close(): Promise<void>;
}
