/**
 * Runs async generators side by side: yields what any of them yields, as it comes, and returns
 * what each returned, in their order. A generator does not wait for the others to be read.
 *
 * When one throws, the others are told to end, and the error is thrown.
 */
export async function* merge<Event, Result>(
  generators: readonly AsyncGenerator<Event, Result>[],
): AsyncGenerator<Event, Result[]> {
  const results = new Array<Result>(generators.length);
  const said: Event[] = [];
  const running = new Set(generators);
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};

  async function pump(generator: AsyncGenerator<Event, Result>, index: number): Promise<void> {
    try {
      let step = await generator.next();
      for (; !step.done; step = await generator.next()) {
        said.push(step.value);
        wake();
      }
      results[index] = step.value;
    } catch (error) {
      failure ??= { error };
    } finally {
      running.delete(generator);
      wake();
    }
  }

  generators.forEach((generator, index) => void pump(generator, index));
  try {
    for (;;) {
      yield* said.splice(0);
      if (failure) throw failure.error;
      if (said.length > 0) continue;
      if (running.size === 0) return results;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    for (const generator of running) generator.return(undefined as never).catch(() => undefined);
  }
}
