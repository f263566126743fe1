/** Headers of every page: it is of this server alone, and cannot be shown inside another one. */
export function pageHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The policy of a page that loads its own files, asks this server, and does nothing else. */
export const ownFilesOnly = policyOf({});

/**
 * The same for Swagger UI: it sets the `style` of elements, and its styles have pictures in
 * themselves. Nothing inline is run as a script here either.
 */
export const swaggerUiPolicy = policyOf({
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
});

function policyOf(changes: Readonly<Record<string, string>>): string {
  const directives = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...changes,
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
