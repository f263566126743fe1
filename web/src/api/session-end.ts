let askAgain: () => Promise<boolean> = async () => false;

/**
 * The server no longer knows who asks.
 *
 * @returns whether the reader has signed in again, so that the request may be sent once more.
 */
export function signedInAgain(): Promise<boolean> {
  return askAgain();
}

/** Says what asks the reader to sign in again. */
export function whenUnauthenticated(ask: () => Promise<boolean>): void {
  askAgain = ask;
}
