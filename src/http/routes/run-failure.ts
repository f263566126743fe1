const failures = new WeakSet<Error>();

/** Marks an error as the end of a run, whose log has it, too. */
export function asRunFailure(error: Error): Error {
  failures.add(error);
  return error;
}

/** Whether an error is the end of a run, not the refusal of a request. */
export function isRunFailure(error: unknown): boolean {
  return error instanceof Error && failures.has(error);
}
