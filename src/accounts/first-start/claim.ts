import type { SetupRequest } from '../../contract/sign-in.ts';
import type { Database } from '../../database/database.ts';
import { inTransaction, openWorkspace, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import { alreadyAMember, linkNotFound } from '../errors.ts';
import { newApiKey } from '../keys/api-key.ts';
import { keepApiKey } from '../keys/operator-keys.ts';
import { deleteSetupLink } from '../links/link-queries.ts';
import { makeLink, type NewLink, readLink, useLink } from '../links/links.ts';
import {
  hasOwner,
  insertMember,
  lockOrganization,
  renameOrganization,
} from '../members/member-queries.ts';
import { requireGoodPassword } from '../sign-in/passwords.ts';
import { type From, type SignInParts, startSession } from '../sign-in/sign-in.ts';
import { findFirstOwner } from './organization-queries.ts';

// An organization is claimed when it has an owner who can sign in.

/** Whether the first organization is claimed; false in an empty database. */
export async function isClaimed(database: Database): Promise<boolean> {
  const first = await findFirstOwner(database);
  return first !== undefined && hasOwner(openWorkspace(database, first.organizationId));
}

/**
 * Makes a link to claim the organization, in place of the one that there was.
 *
 * @returns undefined when it is claimed already.
 */
export async function makeSetupLink(workspace: Workspace): Promise<NewLink | undefined> {
  return inTransaction(workspace, async (workspace) => {
    await lockOrganization(workspace);
    return (await hasOwner(workspace)) ? undefined : makeLink(workspace, 'setup', null);
  });
}

/** What a setup has made. */
export interface ClaimedOrganization {
  /** The token of the owner's session. */
  readonly token: string;
  /** The owner's first API key. Show it at once: only its hash is stored. */
  readonly apiKey: string;
}

/**
 * Claims an organization with the link that the server printed: makes its owner, with a first key, and
 * signs them in.
 *
 * @throws `link_not_found`, also when it is claimed already; `invalid` for a bad password;
 *   `already_a_member`; `sign_in_busy`.
 */
export async function setUp(
  { database, passwords }: SignInParts,
  request: SetupRequest,
  from: From,
): Promise<ClaimedOrganization> {
  const { organizationId } = await readLink(database, 'setup', request.token);
  requireGoodPassword(request.password, { email: request.email_address });
  const password = await passwords.hash(request.password);
  return inTransaction(openWorkspace(database, organizationId), async (workspace) => {
    await lockOrganization(workspace);
    await useLink(workspace, 'setup', request.token);
    if (await hasOwner(workspace)) throw linkNotFound();
    const memberId = await insertOwner(workspace, { ...request, password });
    if (request.organization) await renameOrganization(workspace, request.organization);
    const apiKey = newApiKey();
    const name = 'made by the setup';
    await keepApiKey(workspace, { organizationId, memberId }, apiKey, 'made', { name });
    const token = await startSession(workspace, memberId, password, from);
    if (token === undefined) throw new Error('The owner was made in this transaction.');
    return { token, apiKey };
  });
}

/** The owner that the settings of a server name. */
export interface GivenOwner {
  readonly email: string;
  /** As {@link Passwords.hash} returns it. */
  readonly password: string;
}

/** Claims the first organization for the owner of the settings, if it is not claimed. */
export async function claimFor(workspace: Workspace, owner: GivenOwner): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    await lockOrganization(workspace);
    if (await hasOwner(workspace)) return;
    await insertOwner(workspace, { email_address: owner.email, password: owner.password });
    await deleteSetupLink(workspace);
  });
}

async function insertOwner(
  workspace: Workspace,
  owner: {
    readonly email_address: string;
    readonly full_name?: string | null | undefined;
    readonly password: string;
  },
): Promise<string> {
  const id = newId('usr');
  const { email_address, full_name = null, password } = owner;
  const isNew = await insertMember(workspace, id, {
    email_address,
    full_name,
    password,
    role: 'owner',
    status: 'active',
  });
  if (!isNew) throw alreadyAMember(email_address);
  return id;
}
