import type { ProviderKey } from '../../provider-keys/provider-keyring.ts';

/** What every answer shows of an organization's key for a vendor: all but the key. */
export function providerKeyBody({ provider, hint, endpoint, usable, setAt, setBy }: ProviderKey) {
  return { provider, hint, endpoint, usable, set_at: setAt, set_by: setBy };
}
