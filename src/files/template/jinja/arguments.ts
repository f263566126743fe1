import { JinjaFault } from './faults.ts';
import { type Arguments, Thing, textOf, typeOf, type Value } from './values.ts';

/** A call without arguments. */
export const noArguments: Arguments = { positional: [], named: new Map() };

/**
 * The arguments of a call in the order of its parameters; undefined for one that is not given.
 *
 * @param parameters names with spaces between. `!` after a name: it must be given.
 * @throws JinjaFault
 */
export function bind(parameters: string, args: Arguments): (Value | undefined)[] {
  const names = parameters === '' ? [] : parameters.split(' ');
  if (args.positional.length > names.length) {
    throw new JinjaFault(`takes at most ${names.length} arguments, not ${args.positional.length}`);
  }
  for (const name of args.named.keys()) {
    if (!names.some((known) => known.replace('!', '') === name)) {
      throw new JinjaFault(`got an unexpected keyword argument '${name}'`);
    }
  }
  return names.map((marked, index) => {
    const name = marked.replace('!', '');
    const value = args.positional[index] ?? args.named.get(name);
    const isGiven = index < args.positional.length || args.named.has(name);
    if (!isGiven && name !== marked) throw new JinjaFault(`missing argument '${name}'`);
    return isGiven ? (value ?? null) : undefined;
  });
}

/** A method or function whose arguments have names. */
export function callable(
  type: string,
  parameters: string,
  run: (args: (Value | undefined)[]) => Value,
): Thing {
  return new Thing(type, { call: (args) => run(bind(parameters, args)) });
}

/** The text of an argument that has to be one. @throws JinjaFault */
export function needText(value: Value | undefined): string {
  const text = textOf(value);
  if (text === undefined) throw new JinjaFault(`must be str, not ${typeOf(value ?? null)}`);
  return text;
}
