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
