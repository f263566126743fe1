/**
 * Runs async generators side by side. Yields what any of them yields, as it comes, and returns what
 * each returned, in the order of `generators`. A generator continues as soon as its own value was
 * read; it does not wait for the others. One that finds `atOnce` others under way begins later.
 *
 * When one throws, the others are ended, and the error is thrown.
 */
export async function* merge<Event, Result>(
  generators: readonly AsyncGenerator<Event, Result>[],
  atOnce = generators.length,
): AsyncGenerator<Event, Result[]> {
  const results = new Array<Result>(generators.length);
  const said: { readonly event: Event; readonly goOn: () => void }[] = [];
  const running = new Set(generators);
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};

  async function pump(generator: AsyncGenerator<Event, Result>, index: number): Promise<void> {
    try {
      let step = await generator.next();
      for (; !step.done; step = await generator.next()) {
        const event = step.value;
        await new Promise<void>((goOn) => {
          said.push({ event, goOn });
          wake();
        });
      }
      results[index] = step.value;
    } catch (error) {
      failure ??= { error };
    } finally {
      running.delete(generator);
      if (!failure) beginNext();
      wake();
    }
  }

  let begun = 0;
  function beginNext(): void {
    const generator = generators[begun];
    if (generator) void pump(generator, begun++);
  }

  for (let place = 0; place < atOnce; place++) beginNext();
  try {
    for (;;) {
      for (let next = said.shift(); next; next = said.shift()) {
        yield next.event;
        next.goOn();
      }
      if (failure) throw failure.error;
      if (running.size === 0) return results;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (said.length > 0 || failure || running.size === 0) resolve();
      });
    }
  } finally {
    for (const generator of running) generator.return(undefined as never).catch(() => undefined);
  }
}
