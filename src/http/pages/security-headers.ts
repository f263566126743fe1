/** Headers of every page: it loads only from this server, and cannot be framed. */
export function pageHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The policy for a page that only loads its own files and calls this server. */
export const ownFilesOnly = contentPolicy({});

/**
 * The policy for Swagger UI. It also allows inline styles and `data:` images, which Swagger UI
 * needs, but no inline scripts.
 */
export const swaggerUiPolicy = contentPolicy({
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
});

/**
 * The policy for the web UI: its own files and fonts, and pictures that are in an answer as data. Its
 * parts put styles into the page while they are open, as those that lock the page behind a dialog do;
 * these carry the nonce.
 */
export function webUiPolicy(nonce: string): string {
  return contentPolicy({
    'style-src': `'self' 'nonce-${nonce}'`,
    'font-src': "'self'",
    'img-src': "'self' data: blob:",
  });
}

function contentPolicy(changes: Readonly<Record<string, string>>): string {
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
