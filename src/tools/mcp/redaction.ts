import { storableText } from '../../kernel/text.ts';

/** What is shorter is hardly a secret, and taking it out could take words out. */
const shortestSecret = 8;

/**
 * Makes text of a server storable, and takes out of it what was sent in headers: servers that repeat
 * what they were asked with are many. Of `Bearer abc`, `abc` alone is taken out too.
 */
export function redaction(headers: Readonly<Record<string, string>>): (text: string) => string {
  const secrets = Object.values(headers)
    .flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)])
    .filter((value) => value.length >= shortestSecret);
  return (text) =>
    storableText(secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text));
}
