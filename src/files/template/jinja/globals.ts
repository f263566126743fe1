import { callable } from './arguments.ts';
import { equal } from './compare.ts';
import { JinjaFault } from './faults.ts';
import { makeDict } from './methods/dict.ts';
import { toIndex } from './sequences.ts';
import { Range, Thing, textOf, type Value } from './values.ts';

/** The functions that every template has, by their names. An input of that name hides one. */
export const globals: ReadonlyMap<string, Thing> = new Map([
  ['range', callable('type', 'start! stop step', makeRange)],
  ['dict', new Thing('type', { call: makeDict })],
  ['namespace', new Thing('type', { call: (args) => makeNamespace(makeDict(args).entries()) })],
  ['cycler', new Thing('type', { call: ({ positional }) => makeCycler(positional) })],
  ['joiner', callable('type', 'sep', ([sep = ', ']) => makeJoiner(sep))],
]);

function makeRange([first = null, second, step]: (Value | undefined)[]): Value {
  const whole = (value: Value) => BigInt(toIndex(value));
  if (second === undefined) return new Range(0n, whole(first), 1n);
  return new Range(whole(first), whole(second), step === undefined ? 1n : whole(step));
}

function makeNamespace(entries: readonly (readonly [Value, Value])[]): Thing {
  const members = entries.map(([key, value]) => [textOf(key) ?? '', value] as const);
  return new Thing('Namespace', { settable: new Map(members) });
}

function makeCycler(items: readonly Value[]): Thing {
  if (items.length === 0) throw new JinjaFault('at least one item has to be provided');
  let at = 0;
  const current = (): Value => items[at] ?? null;
  const next = callable('method', '', () => {
    const item = current();
    at = (at + 1) % items.length;
    return item;
  });
  const reset = callable('method', '', () => {
    at = 0;
    return null;
  });
  const members: Readonly<Record<string, () => Value>> = {
    next: () => next,
    reset: () => reset,
    current,
  };
  return new Thing('Cycler', {
    attribute: (name) => (Object.hasOwn(members, name) ? members[name]?.() : undefined),
  });
}

function makeJoiner(separator: Value): Thing {
  let isUsed = false;
  return callable('Joiner', '', () => {
    if (isUsed) return separator;
    isUsed = true;
    return '';
  });
}

/** Whether two lists of values are equal, item by item. */
export function sameValues(a: readonly Value[] | undefined, b: readonly Value[]): boolean {
  return a?.length === b.length && b.every((value, index) => equal(a[index] ?? null, value));
}
