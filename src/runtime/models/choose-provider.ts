import { type ModelSpec, providerOf } from '../../contract/kinds/model.ts';
import { isModelProvider, type ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { unknownProvider } from '../../files/known-providers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { OrganizationKey } from '../../provider-keys/provider-keyring.ts';
import type { Provider } from '../../providers/provider.ts';
import { missingProviderKey } from './errors.ts';
import type { ModelParts } from './model-parts.ts';
import { vendorHint } from './vendor-hint.ts';

/** Who asks a model, and the keys that came with the call. */
export interface Asking {
  readonly parts: Pick<ModelParts, 'endpoints' | 'keyring' | 'providers'>;
  readonly workspace: Workspace;
  readonly providerApiKeys: ProviderApiKeys;
}

/** A vendor, and the key to call it with. */
export interface ChosenProvider {
  readonly provider: Provider;
  readonly apiKey: string | undefined;
}

/**
 * Chooses the vendor of a version and its key: the key of the call, or else the organization's, or
 * else the server's. A key that belongs to one address is never sent to another. When the call
 * names an endpoint, only a key for that endpoint is used. A custom endpoint has its own key, or
 * none.
 *
 * It runs before each model call, so that a key or an endpoint that was deleted or replaced is no
 * longer used.
 *
 * @throws `provider_not_supported`, `missing_provider_key`, `provider_key_unreadable`,
 *   `custom_endpoint_unreadable` (invalid).
 */
export async function chooseProvider(
  { parts, workspace, providerApiKeys: given }: Asking,
  spec: Pick<ModelSpec, 'provider'> & Partial<Pick<ModelSpec, 'model'>>,
): Promise<ChosenProvider> {
  const name = providerOf(spec);
  if (!isModelProvider(name)) {
    const provider = await parts.endpoints.providerOf(workspace, name);
    if (provider) return { provider, apiKey: provider.apiKey };
    throw notSupported(unknownProvider(name, await parts.endpoints.namesOf(workspace)));
  }
  const organizationKeys = await parts.keyring.keysFor(workspace);
  const configured = parts.providers[name];
  if (!configured) throw notSupported(whyNotCalled(name));
  const endpoint = name === 'openai_azure' ? given.openai_azure_endpoint : undefined;
  const own = given[name];
  const stored = organizationKeys.get(name);
  if (own) return { provider: at(configured, endpoint || stored?.endpoint), apiKey: own };
  const theirs = stored && withKey(configured, stored, endpoint);
  if (theirs?.apiKey) return { provider: theirs, apiKey: theirs.apiKey };
  const provider = at(configured, endpoint);
  if (provider.needsKey && !provider.apiKey) {
    const hint = spec.model && vendorHint({ provider: name, model: spec.model });
    throw missingProviderKey(name, provider.title, hint);
  }
  return { provider, apiKey: provider.apiKey };
}

function whyNotCalled(name: string): string {
  return name === 'mock'
    ? 'The operator of this server has switched the provider `mock` off (MOCK_PROVIDER).'
    : `This server cannot call models of \`${name}\` yet.`;
}

function notSupported(message: string): PlatformError {
  return new PlatformError('invalid', 'provider_not_supported', message);
}

function at(vendor: Provider, endpoint: string | null | undefined): Provider {
  return (endpoint && vendor.withEndpoint?.(endpoint)) || vendor;
}

/** A vendor with an organization's key; undefined when the key belongs to another address. */
function withKey(
  vendor: Provider,
  key: OrganizationKey,
  endpoint: string | null | undefined,
): Provider | undefined {
  const apiKey = key.open();
  const own = vendor.withKey?.(apiKey, key.endpoint) ?? { ...vendor, apiKey };
  // Skip an endpoint that is not an address of this vendor. The caller goes on with the server's
  // own configuration, which rejects the endpoint with the right error.
  return endpoint && !own.takesEndpoint?.(endpoint) ? undefined : at(own, endpoint);
}
