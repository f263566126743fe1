import type { ProviderKeyRequest } from '../contract/provider-keys.ts';
import type { ModelProvider } from '../contract/providers.ts';
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

/** A key of an organization, for a call to be made with. */
export interface OrganizationKey {
  /** The address that it is for; null: the server's own for the vendor. */
  readonly endpoint: string | null;
  /** @throws `provider_key_unreadable` (invalid) when the server's secret key does not open it. */
  open(): string;
}

/** The keys of an organization, by vendor. */
export type OrganizationKeys = ReadonlyMap<ModelProvider, OrganizationKey>;

/** What is told of a key: anything but the key. */
export interface ProviderKey extends Omit<DescribedKey, 'sealedKey'> {
  /** False: the server's secret key does not open it. */
  readonly usable: boolean;
}

interface KeyringParts {
  readonly secrets: SecretBox;
  readonly providers: Readonly<Partial<Record<ModelProvider, Provider>>>;
  /** Milliseconds, from any moment on. */
  readonly now?: () => number;
}

/**
 * Milliseconds for which keys that were read are taken as they were: what another server of the same
 * database changes is noticed that late at most.
 */
const cacheMs = 1_000;
const cacheSize = 10_000;

/**
 * The keys that organizations have for model vendors: stored encrypted, and told to nobody.
 *
 * What it read it keeps for a moment, still encrypted, so that a call costs no query of its own. A
 * change that was made through it counts at once.
 */
export class ProviderKeyring {
  readonly #secrets: SecretBox;
  readonly #providers: KeyringParts['providers'];
  readonly #now: () => number;
  readonly #found = new Map<string, { readonly keys: OrganizationKeys; readonly until: number }>();
  /** From when on the keys of an organization that has changed some are kept again. */
  readonly #settled = new Map<string, number>();

  constructor({ secrets, providers, now = () => performance.now() }: KeyringParts) {
    this.#secrets = secrets;
    this.#providers = providers;
    this.#now = now;
  }

  /** The keys that calls of an organization can be made with. */
  async of(workspace: Workspace): Promise<OrganizationKeys> {
    const { organizationId } = workspace;
    const asked = this.#now();
    const cached = this.#found.get(organizationId);
    if (cached && asked < cached.until) return cached.keys;
    const sealed = await findKeys(workspace);
    const keys = new Map(
      sealed.map((key) => [
        key.provider,
        { endpoint: key.endpoint, open: () => this.#open(organizationId, key) },
      ]),
    );
    if (asked >= (this.#settled.get(organizationId) ?? asked)) {
      this.#settled.delete(organizationId);
      if (this.#found.size >= cacheSize) this.#found.clear();
      this.#found.set(organizationId, { keys, until: asked + cacheMs });
    }
    return keys;
  }

  /** All keys of an organization, by the names of the vendors. */
  async list(workspace: Workspace): Promise<readonly ProviderKey[]> {
    return (await describeKeys(workspace)).map((key) => this.#described(workspace, key));
  }

  /**
   * Sets an organization's key for a vendor, in place of the one that there was.
   *
   * @throws `invalid` for what cannot be a key of the vendor, or an address of its own.
   */
  async set(workspace: Workspace, request: ProviderKeyRequest): Promise<ProviderKey> {
    const { organizationId } = workspace;
    const { provider, api_key: apiKey } = request;
    checkKey(request, this.#providers[provider]);
    const endpoint = request.endpoint ?? null;
    const sealedKey = this.#secrets.seal(apiKey, placeOf(organizationId, { provider, endpoint }));
    const key = { provider, sealedKey, endpoint, hint: keyHint(apiKey) };
    return this.#changing(workspace, async () => {
      // One after the other: what is answered is what was set.
      const stored = await inTransaction(workspace, async (workspace) => {
        await putKey(workspace, key);
        return describeKeys(workspace);
      });
      const own = stored.find((described) => described.provider === provider) as DescribedKey;
      return this.#described(workspace, own);
    });
  }

  /** @throws `provider_key_not_found` (not_found). */
  async delete(workspace: Workspace, provider: string): Promise<void> {
    await this.#changing(workspace, async () => {
      if (!(await deleteKey(workspace, provider))) throw providerKeyNotFound(provider);
    });
  }

  async #changing<Result>(workspace: Workspace, change: () => Promise<Result>): Promise<Result> {
    try {
      return await change();
    } finally {
      // What was read meanwhile is as it was before; and a change that is a part of a transaction
      // is seen a moment later.
      this.#found.delete(workspace.organizationId);
      this.#settled.set(workspace.organizationId, this.#now() + cacheMs);
    }
  }

  #described({ organizationId }: Workspace, { sealedKey, ...key }: DescribedKey): ProviderKey {
    try {
      this.#secrets.open(sealedKey, placeOf(organizationId, key));
      return { ...key, usable: true };
    } catch {
      return { ...key, usable: false };
    }
  }

  #open(organizationId: string, key: SealedKey): string {
    try {
      return this.#secrets.open(key.sealedKey, placeOf(organizationId, key));
    } catch (cause) {
      throw providerKeyUnreadable(this.#providers[key.provider]?.title ?? key.provider, cause);
    }
  }
}

/** A key opens as that of its organization, vendor and endpoint alone. */
function placeOf(
  organizationId: string,
  { provider, endpoint }: Pick<SealedKey, 'provider' | 'endpoint'>,
): string {
  return `${organizationId}/provider_key/${provider}/${endpoint ?? ''}`;
}
