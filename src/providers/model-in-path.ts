/** Letters, digits and the signs in vendors' names; no path segment of dots alone. */
const safeName = /^(?!.*(?:^|\/)\.+(?:\/|$))[\w.:@/-]+$/;

/**
 * A model name that is safe as a part of a URL's path: it cannot lead to another path.
 *
 * @throws Error when it is not safe. The message continues a sentence after a colon.
 */
export function modelInPath(name: string): string {
  if (safeName.test(name)) return name;
  throw new Error('the name of the model contains characters that are not allowed in a URL.');
}
