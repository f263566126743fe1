/** Letters, digits, and what vendors have in names; no part of a path that is only dots. */
const safeName = /^(?!.*(?:^|\/)\.+(?:\/|$))[\w.:@/-]+$/;

/**
 * The name of a model that becomes part of an address: it must not lead to another place there.
 *
 * @throws Error, whose message goes on after a colon.
 */
export function modelInPath(name: string): string {
  if (safeName.test(name)) return name;
  throw new Error('the name of the model has characters that cannot stand in an address.');
}
