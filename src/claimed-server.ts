import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { type GivenOwner, isClaimed, makeSetupLink } from './accounts/first-start/claim.ts';
import { Passwords, passwordFault } from './accounts/sign-in/passwords.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Workspace } from './database/workspace.ts';
import { StartFailure } from './kernel/start-failure.ts';

/**
 * Finds out who is to own the organization of a server that starts. Ask before it listens: it keeps a
 * server from others while whoever finds it first could become its owner.
 *
 * @returns the owner of the settings; undefined when the organization has one, or the settings name
 *   none.
 * @throws StartFailure when `HOST` is reached from other machines and nobody would own the
 *   organization; for a password that cannot be read, or that would be guessed first.
 */
export async function ownerToBe(
  database: Database,
  { host, owner, allowsUnclaimed }: Config,
): Promise<GivenOwner | undefined> {
  if (await isClaimed(database)) return undefined;
  if (owner) return readOwner(owner);
  if (isLoopback(host) || allowsUnclaimed) return undefined;
  throw new StartFailure(
    `HOST ${host} lets other machines reach this server, and it has no owner yet`,
    'start it once with HOST=127.0.0.1 and open the link that it prints, or set LOOPWRIGHT_OWNER_EMAIL and LOOPWRIGHT_OWNER_PASSWORD_FILE, or set LOOPWRIGHT_ALLOW_UNCLAIMED=true',
  );
}

/**
 * A new link to become the owner; undefined when there is one.
 *
 * @param url where people reach the server.
 */
export async function setupUrl(workspace: Workspace, url: string): Promise<string | undefined> {
  const link = await makeSetupLink(workspace);
  return link && `${url}${link.path}`;
}

async function readOwner({
  email,
  passwordFile,
}: NonNullable<Config['owner']>): Promise<GivenOwner> {
  const given = await readPassword(passwordFile);
  const fault = passwordFault(given, email);
  if (fault !== undefined) {
    throw new StartFailure(
      `LOOPWRIGHT_OWNER_PASSWORD_FILE ${passwordFile}: ${fault.replace(/\.$/, '')}`,
      'write another password into the first line of the file',
    );
  }
  return { email, password: await new Passwords().hash(given) };
}

async function readPassword(path: string): Promise<string> {
  try {
    const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/, 1);
    return line;
  } catch (error) {
    const { message } = error as Error;
    throw new StartFailure(
      `LOOPWRIGHT_OWNER_PASSWORD_FILE cannot be read (${message})`,
      'make it readable for this account, or remove the setting',
      error,
    );
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
