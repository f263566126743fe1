import type { ProviderKey } from '../../provider-keys/provider-keyring.ts';

/** An organization's key for a vendor, as all answers show it: without the key. */
export function providerKeyBody({ provider, hint, endpoint, usable, setAt, setBy }: ProviderKey) {
  return { provider, hint, endpoint, usable, set_at: setAt, set_by: setBy };
}
