import type { ProviderKeyRequest } from '../contract/provider-keys.ts';
import type { ModelProvider } from '../contract/providers.ts';
import { MomentaryCache } from '../database/momentary-cache.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { Provider } from '../providers/provider.ts';
import { checkKey } from './check-key.ts';
import { providerKeyNotFound, providerKeyUnreadable } from './errors.ts';
import { keyHint } from './key-hint.ts';
import {
  type DescribedKey,
  deleteKey,
  describeKeys,
  findKeys,
  putKey,
  type SealedKey,
} from './provider-key-queries.ts';

/** An organization's key, ready to be used for a call. */
export interface OrganizationKey {
  /** The address that the key may be sent to; null: the server's address for the vendor. */
  readonly endpoint: string | null;
  /**
   * Decrypts the key.
   *
   * @throws `provider_key_unreadable` (invalid) when the server's secret key does not open it.
   */
  open(): string;
}

/** The keys of an organization, by vendor. */
export type OrganizationKeys = ReadonlyMap<ModelProvider, OrganizationKey>;

/** Everything that may be shown about a key, which is all but the key itself. */
export interface ProviderKey extends Omit<DescribedKey, 'sealedKey'> {
  /** False: the server's secret key does not open it. */
  readonly usable: boolean;
}

interface KeyringParts {
  readonly secrets: SecretBox;
  readonly providers: Readonly<Partial<Record<ModelProvider, Provider>>>;
  /** A clock in milliseconds; its zero point does not matter. */
  readonly now?: (() => number) | undefined;
}

/**
 * The keys of organizations for model vendors: stored encrypted, and never shown.
 *
 * They are cached for a moment, still encrypted, so that a call needs no query of its own. A change
 * that is made through this keyring takes effect at once.
 */
export class ProviderKeyring {
  readonly #secrets: SecretBox;
  readonly #providers: KeyringParts['providers'];
  readonly #cache: MomentaryCache<OrganizationKeys>;

  constructor({ secrets, providers, now }: KeyringParts) {
    this.#secrets = secrets;
    this.#providers = providers;
    this.#cache = new MomentaryCache((workspace) => this.#read(workspace), now);
  }

  /** The keys that an organization's calls can use. */
  keysFor(workspace: Workspace): Promise<OrganizationKeys> {
    return this.#cache.of(workspace);
  }

  /** All keys of an organization, sorted by vendor. */
  async list(workspace: Workspace): Promise<readonly ProviderKey[]> {
    return (await describeKeys(workspace)).map((key) => this.#described(workspace, key));
  }

  /**
   * Sets an organization's key for a vendor; it replaces the earlier one.
   *
   * @throws `invalid` when the key or the endpoint cannot be right for the vendor.
   */
  async set(workspace: Workspace, request: ProviderKeyRequest): Promise<ProviderKey> {
    const { organizationId } = workspace;
    const { provider, api_key: apiKey } = request;
    checkKey(request, this.#providers[provider]);
    const endpoint = request.endpoint ?? null;
    const sealedKey = this.#secrets.seal(
      apiKey,
      sealingContext(organizationId, { provider, endpoint }),
    );
    const key = { provider, sealedKey, endpoint, hint: keyHint(apiKey) };
    return this.#cache.changing(workspace, async () => {
      // One transaction, so that the answer describes the key that this request has set, and not
      // one set meanwhile.
      const stored = await inTransaction(workspace, async (workspace) => {
        await putKey(workspace, key);
        return describeKeys(workspace);
      });
      const own = stored.find((described) => described.provider === provider) as DescribedKey;
      return this.#described(workspace, own);
    });
  }

  /** @throws `provider_key_not_found` (not_found) when there is no key for the vendor. */
  async delete(workspace: Workspace, provider: string): Promise<void> {
    await this.#cache.changing(workspace, async () => {
      if (!(await deleteKey(workspace, provider))) throw providerKeyNotFound(provider);
    });
  }

  async #read(workspace: Workspace): Promise<OrganizationKeys> {
    const { organizationId } = workspace;
    const sealed = await findKeys(workspace);
    return new Map(
      sealed.map((key) => [
        key.provider,
        { endpoint: key.endpoint, open: () => this.#open(organizationId, key) },
      ]),
    );
  }

  #described({ organizationId }: Workspace, { sealedKey, ...key }: DescribedKey): ProviderKey {
    try {
      this.#secrets.open(sealedKey, sealingContext(organizationId, key));
      return { ...key, usable: true };
    } catch {
      return { ...key, usable: false };
    }
  }

  #open(organizationId: string, key: SealedKey): string {
    try {
      return this.#secrets.open(key.sealedKey, sealingContext(organizationId, key));
    } catch (cause) {
      throw providerKeyUnreadable(this.#providers[key.provider]?.title ?? key.provider, cause);
    }
  }
}

/** What a key is sealed for: it opens only for this organization, vendor and endpoint. */
function sealingContext(
  organizationId: string,
  { provider, endpoint }: Pick<SealedKey, 'provider' | 'endpoint'>,
): string {
  return `${organizationId}/provider_key/${provider}/${endpoint ?? ''}`;
}
