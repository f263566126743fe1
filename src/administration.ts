import { firstWorkspace } from './accounts/first-start/first-owner.ts';
import {
  type ApiKey,
  createApiKey,
  listApiKeys,
  type Revocation,
  revokeApiKey,
} from './accounts/keys/operator-keys.ts';
import { invite } from './accounts/members/invitations.ts';
import type { Member } from './accounts/members/member-queries.ts';
import { type Acting, changeRole, listMembers, removeMember } from './accounts/members/members.ts';
import { makeResetLink } from './accounts/sign-in/own-account.ts';
import { setupUrl } from './claimed-server.ts';
import type { Config } from './config.ts';
import { explainToOperator, openDatabases, reachConfigured } from './configured-database.ts';
import { configuredPrices } from './configured-prices.ts';
import type { Role, Scope } from './contract/accounts.ts';
import type { Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { parseExactJson } from './kernel/exact-json.ts';
import { createLogger } from './kernel/logger.ts';
import { serverUrl } from './kernel/web-url.ts';
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
  options: { readonly lifetimeMs?: number; readonly scopes?: readonly Scope[] } = {},
): Promise<string> {
  const { lifetimeMs, scopes } = options;
  return withDatabase(config, (database) => createApiKey(database, name, lifetimeMs, scopes));
}

/** A member as the commands show them. */
export type { Member };

/** The people in the configured database. */
export async function listPeople(config: Config): Promise<readonly Member[]> {
  return withDatabase(config, async (database) => listMembers(await firstWorkspace(database)));
}

/** Invites somebody; see `invite`. @returns the link to pass on. */
export async function invitePerson(config: Config, email: string, role: Role): Promise<string> {
  return withOperator(config, async (operator) => {
    const link = await invite(operator, { email_address: email, role });
    return `${addressOf(config)}${link.path}`;
  });
}

/** Gives a member another role; see `changeRole`. */
export async function changeRoleOf(config: Config, email: string, role: Role): Promise<Member> {
  return withOperator(config, async (operator) =>
    changeRole(operator, await memberWith(operator, email), role),
  );
}

/** Removes a member; see `removeMember`. */
export async function removePerson(config: Config, email: string): Promise<void> {
  await withOperator(config, async (operator) =>
    removeMember(operator, await memberWith(operator, email)),
  );
}

/** A link with which a member sets a new password; see `makeResetLink`. */
export async function resetLink(config: Config, email: string): Promise<string> {
  return withOperator(config, async (operator) => {
    const link = await makeResetLink(operator, await memberWith(operator, email));
    return `${addressOf(config)}${link.path}`;
  });
}

/** A new link to become the owner; undefined when there is one. */
export async function setupLink(config: Config): Promise<string | undefined> {
  return withDatabase(config, async (database) =>
    setupUrl(await firstWorkspace(database), addressOf(config)),
  );
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

/** Runs `use` for the operator, who may do what an owner may. */
async function withOperator<Result>(
  config: Config,
  use: (operator: Acting) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config, async (database) =>
    use({ workspace: await firstWorkspace(database), role: 'owner' }),
  );
}

/** @returns the id of the member with an email address. */
async function memberWith({ workspace }: Acting, email: string): Promise<string> {
  const people = await listMembers(workspace);
  const found = people.find(
    ({ email_address, status }) =>
      status !== 'removed' && email_address.toLowerCase() === email.toLowerCase(),
  );
  if (!found) throw new Error(`No member has the email address ${email}.`);
  return found.id;
}

/** Where people reach the server of a configuration. */
function addressOf({ publicUrl, host, port }: Config): string {
  return publicUrl ?? serverUrl(host, port);
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
