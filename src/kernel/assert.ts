/** Something is so that cannot be: a bug of ours, and not what a client, a vendor or a server did. */
export class AssertionFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssertionFailed';
  }
}

/**
 * Stands where the program would otherwise go wrong silently.
 *
 * @param message what is wrong, with the values that show it.
 * @throws AssertionFailed unless the condition holds.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}
