import type { EndpointQuirks } from '../contract/custom-endpoints.ts';
import { batched } from '../database/batched.ts';
import { type SetBy, setByOf } from '../database/set-by.ts';
import type { Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';

/** A custom endpoint as it is stored. */
export interface StoredEndpoint {
  readonly name: string;
  readonly baseUrl: string;
  readonly sealedSecrets: Buffer | null;
  readonly hasKey: boolean;
  readonly headerNames: readonly string[];
  readonly quirks: EndpointQuirks;
}

/** The same, with who set it and when. */
export interface DescribedEndpoint extends StoredEndpoint {
  readonly createdAt: Timestamp;
  readonly setAt: Timestamp;
  readonly setBy: SetBy;
}

/** The endpoints of an organization, by name. Concurrent callers share a statement. */
export function findEndpoints(workspace: Workspace): Promise<readonly DescribedEndpoint[]> {
  return findAll(workspace, undefined);
}

const findAll = batched(async (workspace, askers: readonly undefined[]) => {
  const rows = await described(workspace).orderBy('e.name').execute();
  const found = rows.map(endpointOf);
  return askers.map(() => found);
});

/** One endpoint, which no other request can change meanwhile when `isLocked`. */
export async function findEndpoint(
  workspace: Workspace,
  name: string,
  isLocked = false,
): Promise<DescribedEndpoint | undefined> {
  const one = described(workspace).where('e.name', '=', name);
  const row = await (isLocked ? one.forUpdate('e') : one).executeTakeFirst();
  return row && endpointOf(row);
}

function described({ db, organizationId }: Workspace) {
  return db
    .selectFrom('custom_endpoint as e')
    .leftJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'e.organization_id').onRef('m.id', '=', 'e.set_by'),
    )
    .select(['e.name', 'e.base_url', 'e.sealed_secrets', 'e.has_key', 'e.header_names', 'e.quirks'])
    .select(['e.created_at', 'e.set_at', 'm.id as member_id', 'm.email_address', 'm.full_name'])
    .where('e.organization_id', '=', organizationId);
}

type Row = Awaited<ReturnType<ReturnType<typeof described>['execute']>>[number];

function endpointOf(row: Row): DescribedEndpoint {
  return {
    name: row.name,
    baseUrl: row.base_url,
    sealedSecrets: row.sealed_secrets,
    hasKey: row.has_key,
    headerNames: row.header_names,
    // Safe: only checked quirks are stored.
    quirks: row.quirks as EndpointQuirks,
    createdAt: row.created_at,
    setAt: row.set_at,
    setBy: setByOf(row),
  };
}

/** Stores a new endpoint; false when the organization has one of this name. */
export async function insertEndpoint(
  workspace: Workspace,
  endpoint: StoredEndpoint,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await workspace.db
    .insertInto('custom_endpoint')
    .values({
      organization_id: workspace.organizationId,
      name: endpoint.name,
      ...changeable(workspace, endpoint),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateEndpoint(
  workspace: Workspace,
  endpoint: StoredEndpoint,
): Promise<void> {
  await workspace.db
    .updateTable('custom_endpoint')
    .set(changeable(workspace, endpoint))
    .set(({ fn }) => ({ set_at: fn('now', []) }))
    .where('organization_id', '=', workspace.organizationId)
    .where('name', '=', endpoint.name)
    .execute();
}

function changeable({ memberId }: Workspace, endpoint: StoredEndpoint) {
  return {
    base_url: endpoint.baseUrl,
    sealed_secrets: endpoint.sealedSecrets,
    has_key: endpoint.hasKey,
    header_names: [...endpoint.headerNames],
    quirks: JSON.stringify(endpoint.quirks),
    set_by: memberId,
  };
}

/** Deletes an endpoint; false when there was none. */
export async function deleteEndpoint(workspace: Workspace, name: string): Promise<boolean> {
  const { numDeletedRows } = await workspace.db
    .deleteFrom('custom_endpoint')
    .where('organization_id', '=', workspace.organizationId)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
