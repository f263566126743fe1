import { timedOutMessage } from '../../logs/own-errors.ts';

/** Why a run was ended that took longer than it may. */
export class RunTimedOut extends Error {
  constructor(timeoutMs: number) {
    super(timedOutMessage(timeoutMs));
    this.name = 'RunTimedOut';
  }
}

/**
 * Ends a run when its time is over: whatever it does then is aborted.
 *
 * @returns a function that ends the watch.
 */
export function limitTime(control: AbortController, timeoutMs: number): () => void {
  const timer = setTimeout(() => control.abort(new RunTimedOut(timeoutMs)), timeoutMs);
  timer.unref();
  return () => clearTimeout(timer);
}
