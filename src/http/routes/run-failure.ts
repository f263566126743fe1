const failures = new WeakSet<Error>();

/** Marks an error as what a run has ended in: there is a log that says so. */
export function asRunFailure(error: Error): Error {
  failures.add(error);
  return error;
}

/** Whether a run has ended in an error, and not its request been refused. */
export function isRunFailure(error: unknown): boolean {
  return error instanceof Error && failures.has(error);
}
