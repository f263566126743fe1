import { isModelProvider } from '../contract/providers.ts';
import { invalid } from '../kernel/errors.ts';
import { withoutSlashes } from '../kernel/slashes.ts';
import { readWebUrl } from '../kernel/web-url.ts';
import type { AllowedHosts } from '../outgoing/allowed-hosts.ts';
import { AddressRefused, NameRefused } from '../outgoing/errors.ts';
import { vettedAddresses } from '../outgoing/vetted-agent.ts';

/** @throws `invalid` for the name of a vendor. */
export function requireFreeName(name: string): void {
  if (!isModelProvider(name)) return;
  const why = `The name \`${name}\` is that of a vendor. Choose another one.`;
  throw invalid(['body', 'name'], why);
}

/** @throws `invalid` for a key that no header can have. The message does not contain it. */
export function requireKey(apiKey: string): void {
  if (/^[!-~]+$/.test(apiKey)) return;
  throw invalid(['body', 'api_key'], 'A key must have only ASCII characters, without spaces.');
}

/**
 * The address of a server in its canonical form: without a slash at its end.
 *
 * A name is not looked up: a server in a container has none before it runs, and the answer would tell
 * which names there are in our network. It is vetted at each call.
 *
 * @throws `invalid` for a text that is no such address, and for one that the server may not reach.
 */
export async function checkedBaseUrl(text: string, allowed: AllowedHosts): Promise<string> {
  const loc = ['body', 'base_url'];
  const url = readWebUrl(text);
  if (typeof url === 'string') throw invalid(loc, url);
  if (url.search !== '') throw invalid(loc, 'The URL must not have a query.');
  await vettedAddresses(url.hostname, allowed, resolveNone).catch((error: unknown) => {
    if (error instanceof NameRefused && !isLoopbackName(url.hostname)) return;
    if (error instanceof AddressRefused) throw invalid(loc, `${error.message} ${error.remedy}`);
  });
  return withoutSlashes(url.href);
}

const resolveNone = async () => [];

/** https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopbackName(host: string): boolean {
  return /(^|\.)localhost\.?$/.test(host);
}
