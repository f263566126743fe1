/**
 * Runs async generators side by side: yields what any of them yields, as it comes, and returns
 * what each returned, in their order.
 *
 * When one throws, the others are told to end, and the error is thrown.
 */
export async function* merge<Event, Result>(
  generators: readonly AsyncGenerator<Event, Result>[],
): AsyncGenerator<Event, Result[]> {
  const results = new Array<Result>(generators.length);
  const step = async (index: number) => ({
    index,
    next: await (generators[index] as AsyncGenerator<Event, Result>).next(),
  });
  const steps = new Map(generators.map((_, index) => [index, step(index)]));
  try {
    while (steps.size > 0) {
      const { index, next } = await Promise.race(steps.values());
      if (next.done) {
        steps.delete(index);
        results[index] = next.value;
      } else {
        yield next.value;
        steps.set(index, step(index));
      }
    }
  } finally {
    for (const [index, pending] of steps) {
      pending.catch(() => undefined);
      generators[index]?.return(undefined as never).catch(() => undefined);
    }
  }
  return results;
}
