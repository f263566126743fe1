import type {
  CustomEndpointRequest,
  CustomEndpointUpdate,
  EndpointQuirks,
} from '../contract/custom-endpoints.ts';
import { MomentaryCache } from '../database/momentary-cache.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { canonicalHeaders, keptHeader } from '../kernel/request-headers.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { AllowedHosts } from '../outgoing/allowed-hosts.ts';
import { vettedAgent } from '../outgoing/vetted-agent.ts';
import {
  type CompatibleServer,
  compatibleProvider,
} from '../providers/openai/compatible-provider.ts';
import type { Provider } from '../providers/provider.ts';
import { checkedBaseUrl, requireFreeName, requireKey } from './check-endpoint.ts';
import {
  type DescribedEndpoint,
  deleteEndpoint,
  findEndpoint,
  findEndpoints,
  insertEndpoint,
  type StoredEndpoint,
  updateEndpoint,
} from './endpoint-queries.ts';
import { customEndpointExists, customEndpointNotFound } from './errors.ts';
import { type EndpointSecrets, noSecrets, openSecrets, sealedSecrets } from './sealed-secrets.ts';

/** Everything that may be shown of an endpoint, which is all but its secrets. */
export interface CustomEndpoint extends Omit<DescribedEndpoint, 'sealedSecrets'> {
  /** False: the server's secret key does not open its secrets. */
  readonly usable: boolean;
}

interface EndpointParts {
  readonly secrets: SecretBox;
  readonly allowedHosts: AllowedHosts;
  /** A clock in milliseconds; its zero point does not matter. */
  readonly now?: (() => number) | undefined;
}

/**
 * Servers of an organization's own, which its versions name as providers. Their keys and headers are
 * stored encrypted, and never shown. Calls find them in a cache, still encrypted.
 */
export class CustomEndpoints {
  readonly #secrets: SecretBox;
  readonly #allowedHosts: AllowedHosts;
  readonly #dispatcher: CompatibleServer['dispatcher'];
  readonly #cache: MomentaryCache<readonly StoredEndpoint[]>;

  constructor({ secrets, allowedHosts, now }: EndpointParts) {
    this.#secrets = secrets;
    this.#allowedHosts = allowedHosts;
    // Model calls have limits of their own, and a model may think for minutes.
    const limits = { headersTimeout: 0, bodyTimeout: 0 };
    this.#dispatcher = vettedAgent(allowedHosts, undefined, limits);
    this.#cache = new MomentaryCache(findEndpoints, now);
  }

  /**
   * An endpoint as calls use it; undefined when the organization has none of this name.
   *
   * @throws `custom_endpoint_unreadable` (invalid).
   */
  async providerOf(workspace: Workspace, name: string): Promise<Provider | undefined> {
    const endpoints = await this.#cache.of(workspace);
    const endpoint = endpoints.find((each) => each.name === name);
    if (!endpoint) return undefined;
    return compatibleProvider({
      ...openSecrets(workspace, this.#secrets, endpoint),
      title: `\`${name}\``,
      baseUrl: endpoint.baseUrl,
      quirks: endpoint.quirks,
      dispatcher: this.#dispatcher,
    });
  }

  /** The names of an organization's endpoints, sorted. */
  async namesOf(workspace: Workspace): Promise<readonly string[]> {
    return (await this.#cache.of(workspace)).map(({ name }) => name);
  }

  /** The endpoints of an organization, sorted by name. */
  async list(workspace: Workspace): Promise<readonly CustomEndpoint[]> {
    const endpoints = await findEndpoints(workspace);
    return endpoints.map((endpoint) => this.#shown(workspace, endpoint));
  }

  /** @throws `custom_endpoint_not_found` (not_found). */
  async get(workspace: Workspace, name: string): Promise<CustomEndpoint> {
    return this.#shown(workspace, await required(workspace, name));
  }

  /**
   * @throws `invalid` for a name, an address, a key or a header that cannot be;
   *   `custom_endpoint_exists` (conflict).
   */
  async create(workspace: Workspace, request: CustomEndpointRequest): Promise<CustomEndpoint> {
    requireFreeName(request.name);
    const baseUrl = await checkedBaseUrl(request.base_url, this.#allowedHosts);
    const secrets = changedSecrets(request, () => noSecrets);
    const place = { name: request.name, baseUrl };
    return this.#cache.changing(workspace, () =>
      inTransaction(workspace, async (workspace) => {
        const sealed = sealedSecrets(workspace, this.#secrets, place, secrets);
        const quirks = givenQuirks(request.quirks);
        const isNew = await insertEndpoint(workspace, { ...place, ...sealed, quirks });
        if (!isNew) throw customEndpointExists(request.name);
        return this.#shown(workspace, await required(workspace, request.name));
      }),
    );
  }

  /**
   * Changes the fields that are given.
   *
   * @throws `invalid`, also for a new address without the secrets for it, which could be anybody's;
   *   `custom_endpoint_not_found` (not_found), `custom_endpoint_unreadable` (invalid).
   */
  async update(
    workspace: Workspace,
    name: string,
    request: CustomEndpointUpdate,
  ): Promise<CustomEndpoint> {
    const address =
      request.base_url === undefined
        ? undefined
        : await checkedBaseUrl(request.base_url, this.#allowedHosts);
    return this.#cache.changing(workspace, () =>
      inTransaction(workspace, async (workspace) => {
        const before = await required(workspace, name, true);
        const baseUrl = address ?? before.baseUrl;
        requireSecretsFor(baseUrl, before, request);
        const secrets = changedSecrets(request, () =>
          openSecrets(workspace, this.#secrets, before),
        );
        await updateEndpoint(workspace, {
          name,
          baseUrl,
          ...sealedSecrets(workspace, this.#secrets, { name, baseUrl }, secrets),
          quirks: request.quirks === undefined ? before.quirks : givenQuirks(request.quirks),
        });
        return this.#shown(workspace, await required(workspace, name));
      }),
    );
  }

  /** @throws `custom_endpoint_not_found` (not_found). */
  async delete(workspace: Workspace, name: string): Promise<void> {
    await this.#cache.changing(workspace, async () => {
      if (!(await deleteEndpoint(workspace, name))) throw customEndpointNotFound(name);
    });
  }

  #shown(workspace: Workspace, endpoint: DescribedEndpoint): CustomEndpoint {
    const { sealedSecrets: _, ...shown } = endpoint;
    try {
      openSecrets(workspace, this.#secrets, endpoint);
      return { ...shown, usable: true };
    } catch {
      return { ...shown, usable: false };
    }
  }
}

/** Null means the same as leaving a quirk out. */
function givenQuirks(quirks: EndpointQuirks | null | undefined): EndpointQuirks {
  return Object.fromEntries(Object.entries(quirks ?? {}).filter(([, value]) => value !== null));
}

async function required(
  workspace: Workspace,
  name: string,
  isLocked = false,
): Promise<DescribedEndpoint> {
  const found = await findEndpoint(workspace, name, isLocked);
  if (!found) throw customEndpointNotFound(name);
  return found;
}

/** What was set for one server is not sent to another one, which somebody else may have named. */
function requireSecretsFor(
  baseUrl: string,
  before: StoredEndpoint,
  { api_key: key, headers }: CustomEndpointUpdate,
): void {
  if (new URL(baseUrl).origin === new URL(before.baseUrl).origin) return;
  const keepsHeaders =
    headers === undefined
      ? before.headerNames.length > 0
      : Object.values(headers ?? {}).includes(keptHeader);
  if (!(before.hasKey && key === undefined) && !keepsHeaders) return;
  throw invalid(
    ['body', 'base_url'],
    'The key and the headers belong to the server that they were set for. Send `api_key` and `headers` too: new values, or null.',
  );
}

/** @param read the secrets so far; called only when some of them stay. */
function changedSecrets(
  { api_key: key, headers }: Pick<CustomEndpointUpdate, 'api_key' | 'headers'>,
  read: () => EndpointSecrets,
): EndpointSecrets {
  if (key) requireKey(key);
  const loc = ['body', 'headers'];
  const given = headers === undefined ? undefined : canonicalHeaders(headers ?? {}, loc);
  const isKept = key === undefined || !given || Object.values(given).includes(keptHeader);
  const before = isKept ? read() : noSecrets;
  return {
    apiKey: key === undefined ? before.apiKey : (key ?? undefined),
    headers: given
      ? Object.fromEntries(
          Object.entries(given).map(([name, value]) => {
            const kept = before.headers[name];
            if (value !== keptHeader) return [name, value];
            if (kept !== undefined) return [name, kept];
            throw invalid([...loc, name], 'This header has no value yet. Send the value itself.');
          }),
        )
      : before.headers,
  };
}
