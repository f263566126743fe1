import type { Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { StoredEndpoint } from './endpoint-queries.ts';
import { endpointUnreadable } from './errors.ts';

/** What is sent to an endpoint and never shown. */
export interface EndpointSecrets {
  readonly apiKey: string | undefined;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export const noSecrets: EndpointSecrets = { apiKey: undefined, headers: {} };

type Place = Pick<StoredEndpoint, 'name' | 'baseUrl'>;

/** The secrets of an endpoint as its row has them. */
export function sealedSecrets(
  workspace: Workspace,
  box: SecretBox,
  place: Place,
  secrets: EndpointSecrets,
): Pick<StoredEndpoint, 'sealedSecrets' | 'hasKey' | 'headerNames'> {
  const headerNames = Object.keys(secrets.headers).toSorted();
  const hasKey = secrets.apiKey !== undefined;
  const isEmpty = !hasKey && headerNames.length === 0;
  return {
    sealedSecrets: isEmpty
      ? null
      : box.seal(JSON.stringify(secrets), sealingContext(workspace, place)),
    hasKey,
    headerNames,
  };
}

/** @throws `custom_endpoint_unreadable` (invalid) when the server's secret key does not open them. */
export function openSecrets(
  workspace: Workspace,
  box: SecretBox,
  endpoint: StoredEndpoint,
): EndpointSecrets {
  const { sealedSecrets: sealed, name } = endpoint;
  if (sealed === null) return noSecrets;
  try {
    // Safe: it is what `sealedSecrets` sealed.
    const opened = JSON.parse(box.open(sealed, sealingContext(workspace, endpoint)));
    return { ...noSecrets, ...opened };
  } catch (cause) {
    throw endpointUnreadable(name, cause);
  }
}

/** What secrets are sealed for: they open only for this endpoint, and for no other server. */
function sealingContext({ organizationId }: Workspace, { name, baseUrl }: Place): string {
  return `${organizationId}/custom_endpoint/${name}/${new URL(baseUrl).origin}`;
}
