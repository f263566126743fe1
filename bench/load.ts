export interface LoadResult {
  readonly answered: number;
  readonly perSecond: number;
  /** Milliseconds of every answered request. */
  readonly latenciesMs: readonly number[];
  readonly errors: number;
  readonly firstError: unknown;
}

/**
 * Sends requests from a number of clients, each without pauses, until the time is over. Requests
 * that are under way then are awaited, and count.
 */
export async function load(options: {
  readonly clients: number;
  readonly seconds: number;
  readonly request: () => Promise<void>;
}): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let errors = 0;
  let firstError: unknown;
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1_000;
  const client = async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      try {
        await options.request();
        latenciesMs.push(performance.now() - sentAt);
      } catch (error) {
        errors += 1;
        firstError ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: options.clients }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  const answered = latenciesMs.length;
  return { answered, perSecond: answered / seconds, latenciesMs, errors, firstError };
}
