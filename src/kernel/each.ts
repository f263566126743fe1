/**
 * Runs a generator to its end.
 *
 * @param take is called with each value that it yields.
 * @returns what the generator returned.
 */
export async function each<Value, Result>(
  generator: AsyncGenerator<Value, Result>,
  take: (value: Value) => void,
): Promise<Result> {
  let step = await generator.next();
  for (; !step.done; step = await generator.next()) take(step.value);
  return step.value;
}

/**
 * A generator that yields something else for each value of another, and returns what that returns.
 * When it is ended early, so is the other.
 *
 * @param change undefined: the value is left out.
 */
export async function* mapped<Value, Changed, Result>(
  generator: AsyncGenerator<Value, Result>,
  change: (value: Value) => Changed | undefined,
): AsyncGenerator<Changed, Result> {
  try {
    let step = await generator.next();
    for (; !step.done; step = await generator.next()) {
      const changed = change(step.value);
      if (changed !== undefined) yield changed;
    }
    return step.value;
  } finally {
    await generator.return(undefined as never);
  }
}
