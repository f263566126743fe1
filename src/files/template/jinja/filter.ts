import { bind } from './arguments.ts';
import type { Arguments, Value } from './values.ts';

/** What filters may use of the rendering that they are part of. */
export interface Runtime {
  /** Whether what is printed is escaped as HTML. */
  readonly isEscaping: boolean;
  filter(name: string, value: Value, args: Arguments): Value;
  test(name: string, value: Value, args: Arguments): boolean;
}

/** What `value | name(…)` makes of a value. */
export type Filter = (value: Value, args: Arguments, runtime: Runtime) => Value;

/**
 * A filter whose arguments have names.
 *
 * @param parameters names with spaces between; `!` after a name: it must be given.
 */
export function taking(
  parameters: string,
  run: (value: Value, args: (Value | undefined)[], runtime: Runtime) => Value,
): Filter {
  return (value, args, runtime) => run(value, bind(parameters, args), runtime);
}
