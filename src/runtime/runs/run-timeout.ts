/** Aborts a run that took longer than its limit. */
export class RunTimedOut extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`The run took longer than ${timeoutMs} ms.`);
    this.name = 'RunTimedOut';
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Aborts a run after `timeoutMs`.
 *
 * @returns a function that clears the timer.
 */
export function limitTime(control: AbortController, timeoutMs: number): () => void {
  const timer = setTimeout(() => control.abort(new RunTimedOut(timeoutMs)), timeoutMs);
  timer.unref();
  return () => clearTimeout(timer);
}
