import { hashApiKey, newApiKey } from '../../src/accounts/keys/api-key.ts';
import type { Role, Scope } from '../../src/contract/accounts.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { TestApp } from './app.ts';

interface KeyOptions {
  readonly role?: Role;
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: string | null;
  readonly revokedAt?: string | null;
}

/** Adds a member to the organization of an app, with one API key. @returns the key. */
export async function addKey(
  { database: { db }, workspace }: Pick<TestApp, 'database' | 'workspace'>,
  { role = 'owner', scopes = ['admin'], expiresAt = null, revokedAt = null }: KeyOptions = {},
): Promise<string> {
  const { organizationId: organization_id } = workspace;
  const [member_id, key] = [newId('usr'), newApiKey()];
  const email_address = `${member_id}@example.com`;
  await db
    .insertInto('member')
    .values({
      organization_id,
      id: member_id,
      email_address,
      full_name: role,
      role,
      status: 'active',
    })
    .execute();
  const hash = hashApiKey(key);
  await db
    .insertInto('api_key')
    .values({
      organization_id,
      member_id,
      id: newId('key'),
      name: role,
      hash,
      hint: 'lw_sk_…',
      origin: 'made',
      scopes,
      expires_at: expiresAt,
      revoked_at: revokedAt,
    })
    .execute();
  return key;
}
