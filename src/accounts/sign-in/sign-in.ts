import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import { tooManyTries, wrongCredentials } from '../errors.ts';
import { findAccount } from './account-queries.ts';
import type { Passwords } from './passwords.ts';
import { insertSession } from './session-queries.ts';
import { deleteOldTries, forgetTries, giveBackTry, takeTry } from './try-queries.ts';

export interface SignInParts {
  readonly database: Database;
  readonly passwords: Passwords;
}

/** Where somebody signs in from. */
export interface From {
  /** The address of the client; of IPv6 its network. */
  readonly address: string;
  readonly userAgent: string | undefined;
}

/** How many tries there are before each has to wait. */
const freeTries = { account: 5, address: 20 } as const;

/**
 * Signs somebody in. An account that does not exist is answered as one that does, after the same time.
 *
 * @returns the token of a new session.
 * @throws `wrong_credentials` (unauthenticated); `too_many_tries`; `sign_in_busy`.
 */
export async function signIn(
  { database, passwords }: SignInParts,
  { email_address, password }: { readonly email_address: string; readonly password: string },
  from: From,
): Promise<string> {
  const address = subjectOf('address', from.address);
  const account = await findAccount(database, email_address);
  // As it is stored: there may be several ways to write an address that count as the same.
  const email = account?.emailAddress ?? email_address;
  // Of many tries at once none gets through that was not counted before its password is checked.
  await requireTry(database, { subject: address, free: freeTries.address });
  await requireAccountTry(database, email);
  await deleteOldTries(database);
  const isRight = await passwords.isRight(password, account?.password ?? null);
  if (!account || !isRight) throw wrongCredentials();
  const { organizationId, memberId } = account;
  const workspace = openWorkspace(database, organizationId, memberId);
  const token = await startSession(workspace, memberId, account.password, from);
  if (token === undefined) throw wrongCredentials();
  await forgiveTries(database, email);
  await giveBackTry(database, address);
  return token;
}

/** Counts a try to give the password of an account. @throws `too_many_tries`. */
export async function requireAccountTry(
  database: Pick<Database, 'db'>,
  emailAddress: string,
): Promise<void> {
  const subject = subjectOf('account', emailAddress.toLowerCase());
  await requireTry(database, { subject, free: freeTries.account });
}

/** Forgets the tries of an account whose password was right, or is new. */
export async function forgiveTries(
  database: Pick<Database, 'db'>,
  emailAddress: string,
): Promise<void> {
  await forgetTries(database, subjectOf('account', emailAddress.toLowerCase()));
}

/**
 * Starts a session. Its token is always new, so that nobody can sign in to one that they have chosen.
 *
 * @param password as it is stored; undefined is answered when the member has another one meanwhile.
 */
export async function startSession(
  workspace: Workspace,
  memberId: string,
  password: string,
  { userAgent }: From,
): Promise<string | undefined> {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest();
  const session = {
    id: newId('ses'),
    memberId,
    password,
    hash,
    userAgent: userAgent?.slice(0, 500) ?? null,
  };
  return (await insertSession(workspace, session)) ? token : undefined;
}

async function requireTry(
  database: Pick<Database, 'db'>,
  limit: Parameters<typeof takeTry>[1],
): Promise<void> {
  const seconds = await takeTry(database, limit);
  if (seconds > 0) throw tooManyTries(seconds);
}

function subjectOf(kind: keyof typeof freeTries, text: string): Buffer {
  return createHash('sha256').update(`${kind}:${text}`).digest();
}
