import { useSyncExternalStore } from 'react';
import type { Me } from '../api/types.ts';

// A session that ended in the middle of a page. The page stays as it is, and one signs in over it; what
// was to be sent waits.

let ended: Me | undefined;
let waiting: readonly ((isBack: boolean) => void)[] = [];
const listeners = new Set<() => void>();

/** Who was signed in, until they have signed in again; undefined: the session lasts. */
export function useEndedSession(): Me | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}

/**
 * Asks who was signed in to sign in again.
 *
 * @param me undefined: nobody was, so nobody is asked.
 * @returns whether they did, when it is decided.
 */
export function askToSignInAgain(me: Me | undefined): Promise<boolean> {
  if (!me) return Promise.resolve(false);
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    change(me);
  });
}

/** They did, or signed out. */
export function settleEndedSession(isBack: boolean): void {
  const answered = waiting;
  waiting = [];
  change(undefined);
  for (const resolve of answered) resolve(isBack);
}

function change(next: Me | undefined): void {
  ended = next;
  for (const listener of listeners) listener();
}
