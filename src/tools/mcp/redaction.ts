import { storableText } from '../../kernel/text.ts';

/** Shorter values are unlikely to be secrets, and removing them could remove ordinary words. */
const shortestSecret = 8;

/**
 * Makes the text of a server storable, and removes the header values that were sent to it, because
 * many servers repeat them. Of `Bearer abc`, `abc` alone is removed too.
 */
export function redaction(headers: Readonly<Record<string, string>>): (text: string) => string {
  const secrets = Object.values(headers)
    .flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)])
    .filter((value) => value.length >= shortestSecret);
  return (text) =>
    storableText(secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text));
}
