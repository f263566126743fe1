/**
 * The URL of a server that listens on a host and a port, e.g. `http://127.0.0.1:5005`. A server
 * that listens on all addresses (`0.0.0.0`, `::`) is reached at the loopback address.
 */
export function serverUrl(host: string, port: number): string {
  const reached = ownAddress[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

const ownAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Reads a web address that a user entered. The parser brings every spelling of a host (octal,
 * hexadecimal, one number, full-width digits) to one form, which is also the one that is connected
 * to.
 *
 * @returns the URL without its fragment; or a sentence that says what is wrong. The sentence does
 *   not repeat the text, which may contain a password.
 */
export function readWebUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (!url || url.hostname === '') return 'This is not a URL.';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'The URL must begin with `http://` or `https://`.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'The URL must not contain a user name or a password. Send credentials in a header.';
  }
  url.hash = '';
  return url;
}
