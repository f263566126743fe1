/**
 * Domains under which Azure has its resources, each under a name of its own:
 * https://learn.microsoft.com/azure/ai-foundry/openai, read in November 2026.
 */
const azureDomains = ['openai.azure.com', 'services.ai.azure.com', 'cognitiveservices.azure.com'];

/**
 * Whether an endpoint that came with a call is one of Azure's. Calls are made by those who may not
 * choose where this server connects to.
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

/** What two addresses have in common when they are of one server. */
export function endpointOrigin(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { origin, pathname, search, hash } = new URL(endpoint);
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\/openai$/, '')}${search}${hash}`;
}
