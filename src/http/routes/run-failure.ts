const failures = new WeakSet<Error>();

/** Marks an error as the failure of a run. The log of the run has the error too. */
export function asRunFailure(error: Error): Error {
  failures.add(error);
  return error;
}

/** Whether an error is the failure of a run, and not the refusal of a request. */
export function isRunFailure(error: unknown): boolean {
  return error instanceof Error && failures.has(error);
}
