/**
 * The address at which a server answers that listens on a host and a port: `http://127.0.0.1:5005`.
 * One that listens on every address of its machine has no name in a URL; it is reached by the
 * machine's own.
 */
export function urlOf(host: string, port: number): string {
  const reached = ownAddress[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

const ownAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Reads an address of the web that a user chose. However a host is spelled (octal, hexadecimal, one
 * number, full-width digits), the URL has it in the one form that is connected to.
 *
 * @returns the URL without its fragment, or what is wrong with the text: a sentence that does not
 *   repeat it, since it may hold a password.
 */
export function readWebUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (!url || url.hostname === '') return 'This is not a URL.';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'The URL has to begin with `http://` or `https://`.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'The URL has a user name or a password in it. Give credentials in a header.';
  }
  url.hash = '';
  return url;
}
