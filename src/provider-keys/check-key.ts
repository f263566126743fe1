import type { ProviderKeyRequest } from '../contract/provider-keys.ts';
import { invalid } from '../kernel/errors.ts';
import type { Provider } from '../providers/provider.ts';

/**
 * Checks a new key as far as possible without asking the vendor.
 *
 * @param vendor undefined when this server does not have the vendor; then only the characters are
 *   checked.
 * @throws `invalid`, whose message does not contain the key.
 */
export function checkKey(
  { provider, api_key: apiKey, endpoint }: ProviderKeyRequest,
  vendor: Provider | undefined,
): void {
  if (!/^[!-~]+$/.test(apiKey)) {
    throw invalid(['body', 'api_key'], 'A key must have only ASCII characters, without spaces.');
  }
  const fault = vendor?.keyFault?.(apiKey);
  if (fault !== undefined) {
    throw invalid(['body', 'api_key'], `${vendor?.title} cannot be called with this key: ${fault}`);
  }
  if (!endpoint) return;
  if (provider !== 'openai_azure') {
    throw invalid(['body', 'endpoint'], 'Only a key for `openai_azure` can have an endpoint.');
  }
  if (vendor?.takesEndpoint?.(endpoint) === false) {
    throw invalid(
      ['body', 'endpoint'],
      'This is not the address of an Azure resource: `https://<resource>.openai.azure.com`.',
    );
  }
}
