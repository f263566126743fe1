import {
  type ApiKey,
  createApiKey,
  listApiKeys,
  type Revocation,
  revokeApiKey,
} from './accounts/api-keys.ts';
import { createAuthenticate } from './accounts/authenticate.ts';
import { bootstrap } from './accounts/bootstrap.ts';
import { firstWorkspace } from './accounts/first-owner.ts';
import type { Config } from './config.ts';
import { type Database, openDatabase, type PoolOptions } from './database/database.ts';
import { isMigrated, migrate } from './database/migrate.ts';
import type { EmbeddedPostgres } from './database/postgres/embedded-postgres.ts';
import { isDiskFull } from './database/postgres/failures.ts';
import { reachDatabase } from './database/reach-database.ts';
import { databaseStartError, isDatabaseError, unknownStartError } from './database/start-errors.ts';
import { openWorkspace } from './database/workspace.ts';
import { feedConsumers } from './feed-consumers.ts';
import { agentKind } from './files/kinds/agent.ts';
import { type UpsertRequest, upsertVersion } from './files/upsert-version.ts';
import { createApp } from './http/app.ts';
import { wholeLogBody } from './http/routes/read-log-routes.ts';
import { listen } from './http/server/listen.ts';
import { KeyedRequests } from './idempotency/keyed-requests.ts';
import { systemClock } from './kernel/clock.ts';
import { dataFolderFailure, isDataFolderError } from './kernel/data-folder-failure.ts';
import { PlatformError } from './kernel/errors.ts';
import { createLogger, errorFields, type Logger } from './kernel/logger.ts';
import { LogFeed } from './logs/feed/log-feed.ts';
import { type RepriceReport, reprice } from './logs/reprice.ts';
import { type RunTree, readRunTree } from './logs/run-tree.ts';
import { TextIndexer } from './logs/search/text-indexer.ts';
import { outgoingFetch } from './outgoing/outgoing-fetch.ts';
import { serverLogger, startOwnPostgres } from './own-postgres.ts';
import { readPriceFile } from './pricing/price-file.ts';
import { createPriceTable, type PriceTable } from './pricing/price-table.ts';
import { ProviderKeyring } from './provider-keys/provider-keyring.ts';
import { anthropicProvider } from './providers/anthropic/anthropic-provider.ts';
import { azureProvider } from './providers/azure/azure-provider.ts';
import { bedrockProvider } from './providers/bedrock/bedrock-provider.ts';
import { cohereProvider } from './providers/cohere/cohere-provider.ts';
import { deepseekProvider } from './providers/deepseek/deepseek-provider.ts';
import { googleProvider } from './providers/google/google-provider.ts';
import { groqProvider } from './providers/groq/groq-provider.ts';
import { mockProvider } from './providers/mock/mock-provider.ts';
import { openaiProvider } from './providers/openai/openai-provider.ts';
import { replicateProvider } from './providers/replicate/replicate-provider.ts';
import { runnables } from './runtime/kinds/index.ts';
import type { RuntimeParts } from './runtime/kinds/runtime-parts.ts';
import { Runtime } from './runtime/runs/runtime.ts';
import { openSecretBox } from './secrets/secret-keys.ts';
import { mcpWhenNeeded } from './tools/mcp/mcp-when-needed.ts';
import { PythonPool } from './tools/python/python-pool.ts';

export type { RunStep } from './logs/run-step.ts';
export type { RunTree };

/** A running server. */
export interface Platform {
  /** `http://127.0.0.1:5005` */
  readonly url: string;
  /** The key that this start created. Show it at once: only its hash is stored. */
  readonly madeKey: string | undefined;
  /** True when the database was empty. */
  readonly isFirstStart: boolean;
  /**
   * Stops within seconds: hands its runs over to other servers, ends streams, closes the database.
   */
  stop(): Promise<void>;
}

/**
 * Starts everything: the database, its tables, the first organization, the API.
 *
 * @param starting the result of `startOwnPostgres`, which may have been called earlier.
 * @param options.example an agent to store in an empty database.
 * @param options.signal abort it to stop waiting for the database.
 * @throws StartFailure for a reason that the operator can mend.
 */
export async function startPlatform(
  config: Config,
  starting: Promise<EmbeddedPostgres | undefined>,
  { example, signal }: { readonly example?: UpsertRequest; readonly signal?: AbortSignal } = {},
): Promise<Platform> {
  const logger = serverLogger(config);
  const postgres = await starting;
  await reachConfigured(config, {
    waitMs: config.databaseWaitMs,
    signal,
    onWait: (reason) =>
      logger.warn({ reason }, `Waiting up to ${config.databaseWaitMs / 1_000} s for the database.`),
  });
  const { database, leaseDatabase, close } = openDatabases(config, logger, postgres);
  const steps = [close];
  // In reverse order: what was started last stops first.
  const stop = async () => {
    for (const step of steps.toReversed()) await step();
  };
  try {
    const prices = await configuredPrices(config);
    await migrate(database);
    const feed = new LogFeed(database, feedConsumers, logger);
    const texts = new TextIndexer(database, logger);
    steps.push(
      () => feed.stop(),
      () => texts.stop(),
    );
    const python = new PythonPool({ folder: config.dataDir, limits: config.python, logger });
    steps.push(() => python.stop());
    const secrets = await openSecretBox(database, config, logger);
    const keyed = new KeyedRequests({ database, secrets, logger });
    steps.push(() => keyed.stop());
    const providers = configuredProviders(config);
    const parts: RuntimeParts = {
      database,
      leaseDatabase,
      providers,
      keyring: new ProviderKeyring({ secrets, providers }),
      modelLimits: config.modelLimits,
      runLimits: config.runLimits,
      prices,
      clock: systemClock,
      logger,
      secrets,
      python,
      mcp: mcpWhenNeeded(outgoingFetch(config.allowedHosts), config.mcp),
      leaseSeconds: config.leaseSeconds,
    };
    const runtime = new Runtime(parts, runnables);
    let isBootstrapped = false;
    const app = await createApp({
      runtime,
      authenticate: createAuthenticate(database),
      keyed,
      logger,
      requireReady: () => requireReady(database, isBootstrapped),
    });
    steps.push(
      () => app.close(),
      () => runtime.stop(),
    );
    const url = await listen(app, config);
    // Only after listening: a new key is shown once, and a start that fails because its port is
    // taken could not show it.
    const { organizationId, memberId, ...start } = await bootstrap(database, config.apiKey);
    if (start.isFirstStart && example) {
      await upsertVersion(openWorkspace(database, organizationId, memberId), agentKind, example);
    }
    isBootstrapped = true;
    return { ...start, url, stop };
  } catch (error) {
    await stop();
    throw explainToOperator(config, logger, error);
  }
}

/** Makes an API key in the configured database; see `createApiKey`. */
export async function createKey(
  config: Config,
  name: string,
  lifetimeMs?: number,
): Promise<string> {
  return withDatabase(config, (database) => createApiKey(database, name, lifetimeMs));
}

/** The API keys in the configured database; see `listApiKeys`. */
export async function listKeys(config: Config): Promise<readonly ApiKey[]> {
  return withDatabase(config, listApiKeys);
}

/** Revokes an API key in the configured database; see `revokeApiKey`. */
export async function revokeKey(config: Config, named: string): Promise<Revocation> {
  return withDatabase(config, (database) => revokeApiKey(database, named, config.apiKey));
}

/** A run in the configured database, as a tree; see `readRunTree`. */
export async function readRun(config: Config, id: string): Promise<RunTree> {
  return withDatabase(config, async (database) => readRunTree(await firstWorkspace(database), id));
}

/** A log in the configured database, as `GET /v5/logs/{id}` returns it. */
export async function readLog(config: Config, id: string): Promise<Record<string, unknown>> {
  return withDatabase(config, async (database) => wholeLogBody(await firstWorkspace(database), id));
}

/**
 * Computes the costs of the model calls in the configured database again; see `reprice`.
 *
 * @returns the report, with the version of the price table.
 */
export async function repriceLogs(
  config: Config,
  options: Parameters<typeof reprice>[2],
): Promise<RepriceReport & { readonly table: string }> {
  const prices = await configuredPrices(config);
  const report = await withDatabase(config, (database) => reprice(database, prices, options));
  return { ...report, table: prices.version };
}

/** Runs `use` with the configured database for a command, after bringing its tables up to date. */
async function withDatabase<Result>(
  config: Config,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  // Only errors: the user of a command does not need to know which server started the database.
  const logger = createLogger('error', (line) => process.stderr.write(line));
  const postgres = await startOwnPostgres(config, logger);
  await reachConfigured(config, { waitMs: 0 });
  const { database, close } = openDatabases(config, logger, postgres);
  try {
    await migrate(database);
    return await use(database);
  } catch (error) {
    throw explainToOperator(config, logger, error);
  } finally {
    await close();
  }
}

/** Waits for the database at `DATABASE_URL`; our own Postgres answers as soon as it has started. */
async function reachConfigured(
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
function explainToOperator(
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

/** Every vendor, with the configured keys and endpoints. */
function configuredProviders(config: Config): RuntimeParts['providers'] {
  return {
    mock: mockProvider(),
    openai: openaiProvider(config.openai),
    openai_azure: azureProvider(config.azure),
    anthropic: anthropicProvider(config.anthropic),
    google: googleProvider(config.google),
    bedrock: bedrockProvider(config.bedrock),
    cohere: cohereProvider(config.cohere),
    groq: groqProvider(config.groq),
    deepseek: deepseekProvider(config.deepseek),
    replicate: replicateProvider(config.replicate),
  };
}

/** @throws Error that says what is wrong with the operator's price file. */
async function configuredPrices({ pricesFile }: Config): Promise<PriceTable> {
  return createPriceTable(pricesFile === undefined ? [] : await readPriceFile(pricesFile));
}

/** @param postgres our own Postgres; undefined when `DATABASE_URL` names another. */
function openDatabases(
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

/** A second pool on the same database; see `RuntimeParts`. */
const leaseConnections = 2;

interface OpenedDatabase {
  readonly database: Database;
  /** The same database; see `RuntimeParts`. */
  readonly leaseDatabase: Database;
  close(): Promise<void>;
}

async function requireReady(database: Database, isBootstrapped: boolean): Promise<void> {
  database.disk.requireRoom();
  if (isBootstrapped && (await isMigrated(database))) return;
  throw new PlatformError(
    'unavailable',
    'not_migrated',
    'The database is still being brought up to date. Try again in a moment.',
    { retryAfterSeconds: 1 },
  );
}
