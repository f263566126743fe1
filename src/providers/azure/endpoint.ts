import { withoutSlashes } from '../../kernel/slashes.ts';

/**
 * The domains of Azure resources, each of which has a subdomain:
 * https://learn.microsoft.com/azure/ai-foundry/openai, read in November 2026.
 */
const azureDomains = ['openai.azure.com', 'services.ai.azure.com', 'cognitiveservices.azure.com'];

/**
 * Whether an endpoint from a call is on one of Azure's domains. Callers may not choose where this
 * server connects to, so no other host is allowed.
 */
export function isAzureEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username, password, search, hash, pathname } = new URL(
    endpoint,
  );
  return (
    protocol === 'https:' &&
    port === '' &&
    username + password + search + hash === '' &&
    /^\/(?:openai\/?)?$/.test(pathname) &&
    azureDomains.some((domain) => hostname.endsWith(`.${domain}`))
  );
}

/** The part of an endpoint that is equal for two URLs of the same server. */
export function endpointOrigin(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { origin, pathname, search, hash } = new URL(endpoint);
  return `${origin}${withoutSlashes(pathname).replace(/\/openai$/, '')}${search}${hash}`;
}
