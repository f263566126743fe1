import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { OrganizationKeys } from '../../provider-keys/provider-keyring.ts';
import type { ModelParts } from './model-parts.ts';

/**
 * The keys for model calls. Those of the call come first, then the organization's; the server's
 * keys are not here and come last.
 */
export interface ProviderKeys {
  /** The keys that came with the call. */
  readonly call: ProviderApiKeys;
  readonly organization: OrganizationKeys;
}

/**
 * Reads the current keys for a model call. It runs before each model call, so that a key that was
 * deleted or replaced is no longer used.
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
