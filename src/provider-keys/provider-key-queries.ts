import type { ModelProvider } from '../contract/providers.ts';
import { batched } from '../database/batched.ts';
import { type SetBy, setByOf } from '../database/set-by.ts';
import { hot, type Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';

/** A key as it is stored. */
export interface SealedKey {
  readonly provider: ModelProvider;
  readonly sealedKey: Buffer;
  /** The address that the key may be sent to; null: the server's address for the vendor. */
  readonly endpoint: string | null;
}

/** A key with everything that may be shown about it. */
export interface DescribedKey extends SealedKey {
  readonly hint: string | null;
  readonly setAt: Timestamp;
  readonly setBy: SetBy;
}

/** The keys of an organization, as calls need them. Concurrent callers share a statement. */
export function findKeys(workspace: Workspace): Promise<readonly SealedKey[]> {
  return findAll(workspace, undefined);
}

const findAll = batched(async (workspace, askers: readonly undefined[]) => {
  const found = await hot<SealedKey>(
    workspace,
    `/* hot */ SELECT provider, sealed_key AS "sealedKey", endpoint
    FROM provider_key WHERE organization_id = $1`,
    [workspace.organizationId],
  );
  return askers.map(() => found);
});

/** The keys of an organization with everything that may be shown about them, sorted by vendor. */
export async function describeKeys(workspace: Workspace): Promise<readonly DescribedKey[]> {
  const rows = await workspace.db
    .selectFrom('provider_key as k')
    .leftJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'k.organization_id').onRef('m.id', '=', 'k.set_by'),
    )
    .select(['k.provider', 'k.sealed_key', 'k.endpoint', 'k.hint', 'k.set_at'])
    .select(['m.id as member_id', 'm.email_address', 'm.full_name'])
    .where('k.organization_id', '=', workspace.organizationId)
    .orderBy('k.provider')
    .execute();
  return rows.map((key) => ({
    provider: key.provider as ModelProvider,
    sealedKey: key.sealed_key,
    endpoint: key.endpoint,
    hint: key.hint,
    setAt: key.set_at,
    setBy: setByOf(key),
  }));
}

/** Stores a key; it replaces the organization's earlier key for the vendor. */
export async function putKey(
  workspace: Workspace,
  { provider, sealedKey, endpoint, hint }: Omit<DescribedKey, 'setAt' | 'setBy'>,
): Promise<void> {
  await workspace.db
    .insertInto('provider_key')
    .values({
      organization_id: workspace.organizationId,
      provider,
      sealed_key: sealedKey,
      endpoint,
      hint,
      set_by: workspace.memberId,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'provider']).doUpdateSet(({ ref }) => ({
        sealed_key: ref('excluded.sealed_key'),
        endpoint: ref('excluded.endpoint'),
        hint: ref('excluded.hint'),
        set_by: ref('excluded.set_by'),
        set_at: ref('excluded.set_at'),
      })),
    )
    .execute();
}

/** Deletes the key for a vendor; false when there was none. */
export async function deleteKey(workspace: Workspace, provider: string): Promise<boolean> {
  const { numDeletedRows } = await workspace.db
    .deleteFrom('provider_key')
    .where('organization_id', '=', workspace.organizationId)
    .where('provider', '=', provider)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
