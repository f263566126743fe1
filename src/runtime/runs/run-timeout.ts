/** Why a run was ended that took longer than it may. */
export class RunTimedOut extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`The run took longer than ${timeoutMs} ms.`);
    this.name = 'RunTimedOut';
    this.timeoutMs = timeoutMs;
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
