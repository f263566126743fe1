import { fileURLToPath } from 'node:url';
import { bootstrap } from './accounts/first-start/bootstrap.ts';
import { claimFor } from './accounts/first-start/claim.ts';
import { ownerToBe, setupUrl } from './claimed-server.ts';
import { composeServer, feedConsumers } from './compose.ts';
import type { Config } from './config.ts';
import { explainToOperator, openDatabases, reachConfigured } from './configured-database.ts';
import { configuredPrices } from './configured-prices.ts';
import type { Database } from './database/database.ts';
import { isMigrated, migrate } from './database/migrate.ts';
import type { EmbeddedPostgres } from './database/postgres/embedded-postgres.ts';
import { openWorkspace } from './database/workspace.ts';
import { agentKind } from './files/kinds/agent.ts';
import { type UpsertRequest, upsertVersion } from './files/upsert-version.ts';
import { listen } from './http/server/listen.ts';
import { systemClock } from './kernel/clock.ts';
import { PlatformError } from './kernel/errors.ts';
import { TextIndexer } from './logs/search/text-indexer.ts';
import { serverLogger } from './own-postgres.ts';
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
import { addReadyMade } from './ready-made/add-ready-made.ts';
import type { RuntimeParts } from './runtime/kinds/runtime-parts.ts';
import { openSecretBox } from './secrets/secret-keys.ts';
import { PythonPool } from './tools/python/python-pool.ts';

/** Where `npm start` builds the web UI. */
const webFolder = fileURLToPath(new URL('../web/dist', import.meta.url));

/** A running server. */
export interface Platform {
  /** `http://127.0.0.1:5005` */
  readonly url: string;
  /** The key that this start created. Show it at once: only its hash is stored. */
  readonly madeKey: string | undefined;
  /** A new link to become the owner; undefined when the organization has one. */
  readonly setupUrl: string | undefined;
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
    const owner = await ownerToBe(database, config);
    const texts = new TextIndexer(database, logger);
    steps.push(() => texts.stop());
    const python = new PythonPool({ folder: config.dataDir, limits: config.python, logger });
    steps.push(() => python.stop());
    const secrets = await openSecretBox(database, config, logger);
    let isBootstrapped = false;
    const server = await composeServer({
      database,
      leaseDatabase,
      providers: configuredProviders(config),
      prices,
      clock: systemClock,
      logger,
      secrets,
      python,
      modelLimits: config.modelLimits,
      runLimits: config.runLimits,
      leaseSeconds: config.leaseSeconds,
      allowedHosts: config.allowedHosts,
      mcpLimits: config.mcp,
      evaluationLimits: config.evaluation,
      judging: config.judging,
      feedConsumers,
      publicUrl: config.publicUrl,
      rules: config.rules,
      bodyValues: config.bodyValues,
      doorLimits: config.doorLimits,
      webFolder: config.showsWebUi ? webFolder : undefined,
      requireReady: () => requireReady(database, isBootstrapped),
    });
    steps.push(() => server.stop());
    const url = await listen(server.app, config);
    // Only after listening: a new key is shown once, and a start that fails because its port is
    // taken could not show it.
    const { organizationId, madeKey, isFirstStart } = await bootstrap(
      database,
      config.apiKey,
      async (workspace) => {
        await addReadyMade(workspace);
        if (example) await upsertVersion(workspace, agentKind, example);
      },
    );
    const workspace = openWorkspace(database, organizationId);
    if (owner) await claimFor(workspace, owner);
    const setup = await setupUrl(workspace, config.publicUrl ?? url);
    isBootstrapped = true;
    // Only after listening: it takes seconds of processor time, once for each installation.
    python.prepare();
    return { madeKey, setupUrl: setup, isFirstStart, url, stop };
  } catch (error) {
    await stop();
    throw explainToOperator(config, logger, error);
  }
}

/** Every vendor, with the configured keys and endpoints. */
function configuredProviders(config: Config): RuntimeParts['providers'] {
  return {
    ...(config.offersMock ? { mock: mockProvider() } : {}),
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
