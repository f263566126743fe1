import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { OrganizationKeys } from '../../provider-keys/provider-keyring.ts';
import type { ModelParts } from './model-parts.ts';

/** Keys for model calls, in the order in which they are looked for; the server's come last. */
export interface ProviderKeys {
  /** Those that the call brought. */
  readonly call: ProviderApiKeys;
  readonly organization: OrganizationKeys;
}

/**
 * The keys that there are now for the model calls of a run. They are asked for anew before each
 * model call, so that a key that was taken away or replaced is not used any more.
 */
export async function findKeys({
  parts,
  workspace,
  providerApiKeys,
}: {
  readonly parts: Pick<ModelParts, 'keyring'>;
  readonly workspace: Workspace;
  readonly providerApiKeys: ProviderApiKeys;
}): Promise<ProviderKeys> {
  return { call: providerApiKeys, organization: await parts.keyring.keysFor(workspace) };
}
