/** The ids of the logs of failed runs. */
const logIds = new WeakMap<object, string>();

/** Marks an error as the failure of a run. The log of the run has the error too. */
export function asRunFailure(error: Error, logId: string): Error {
  logIds.set(error, logId);
  return error;
}

/** The log of a failed run; undefined for the refusal of a request. */
export function failedLogOf(error: unknown): string | undefined {
  return error instanceof Error ? logIds.get(error) : undefined;
}
