import {
  type ApiKey,
  createApiKey,
  listApiKeys,
  type Revocation,
  revokeApiKey,
} from './accounts/api-keys.ts';
import { firstWorkspace } from './accounts/first-owner.ts';
import type { Config } from './config.ts';
import { explainToOperator, openDatabases, reachConfigured } from './configured-database.ts';
import { configuredPrices } from './configured-prices.ts';
import type { Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { parseExactJson } from './kernel/exact-json.ts';
import { createLogger } from './kernel/logger.ts';
import { getLog } from './logs/read-logs.ts';
import { type RepriceReport, reprice } from './logs/reprice.ts';
import { type RunTree, readRunTree } from './logs/run-tree.ts';
import { versioned } from './logs/versioned-log.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { addReadyMade } from './ready-made/add-ready-made.ts';
import { traceTexts } from './wire/trace-texts.ts';

export type { RunStep } from './logs/run-step.ts';
export type { RunTree };

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
  return withDatabase(config, async (database) => {
    const workspace = await firstWorkspace(database);
    const log = await versioned(workspace, await getLog(workspace, id));
    const { pieces } = await traceTexts(workspace, log);
    const text = (await Array.fromAsync(pieces)).join('');
    return parseExactJson(text) as Record<string, unknown>;
  });
}

/** Adds the ready-made evaluators that are missing in the configured database; see `addReadyMade`. */
export async function addExamples(config: Config): Promise<readonly string[]> {
  return withDatabase(config, async (database) => addReadyMade(await firstWorkspace(database)));
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
