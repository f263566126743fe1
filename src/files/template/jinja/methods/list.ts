import { callable } from '../arguments.ts';
import { equal } from '../compare.ts';
import { JinjaFault } from '../faults.ts';
import { spendOn, spendOnItems } from '../fuel.ts';
import { iterate, sorted, toIndex } from '../sequences.ts';
import { isTrue, type Thing, Tuple, type Value } from '../values.ts';

/** A method of Python's list, or of its tuple; undefined if it has none of that name. */
export function listMethod(list: Value[] | Tuple, name: string): Thing | undefined {
  const items = list instanceof Tuple ? list.items : list;
  if (name === 'count') {
    return callable(method, 'value!', ([value = null]) =>
      BigInt(items.filter((item) => equal(item, value)).length),
    );
  }
  if (name === 'index')
    return callable(method, 'value!', ([value = null]) => indexOf(items, value));
  return list instanceof Tuple ? undefined : methods.get(name)?.(list);
}

const method = 'builtin_function_or_method';

const methods = new Map<string, (list: Value[]) => Thing>([
  ['append', changing('value!', (list, [value = null]) => list.push(value))],
  ['extend', changing('values!', (list, [values = null]) => addAll(list, iterate(values)))],
  [
    'insert',
    changing('index! value!', (list, [index = null, value = null]) =>
      spliced(list, toIndex(index), 0, value),
    ),
  ],
  [
    'remove',
    changing('value!', (list, [value = null]) => spliced(list, Number(indexOf(list, value)), 1)),
  ],
  ['clear', changing('', (list) => list.splice(0))],
  ['reverse', changing('', reverse)],
  [
    'sort',
    changing('key reverse', (list, [, reverse = false]) =>
      addAll(
        list,
        sorted(list.splice(0), (item) => item, isTrue(reverse)),
      ),
    ),
  ],
  [
    'copy',
    (list) =>
      callable(method, '', () => {
        spendOnItems(list.length);
        return [...list];
      }),
  ],
  [
    'pop',
    (list) =>
      callable(method, 'index', ([index = -1n]) => {
        const place = toIndex(index);
        if (place >= list.length || place < -list.length) {
          throw new JinjaFault('pop index out of range');
        }
        return spliced(list, place, 1)[0] ?? null;
      }),
  ],
]);

/** A method that changes the list and returns nothing. */
function changing(
  parameters: string,
  change: (list: Value[], args: (Value | undefined)[]) => unknown,
): (list: Value[]) => Thing {
  return (list) =>
    callable(method, parameters, (args) => {
      change(list, args);
      return null;
    });
}

// Not `push(...items)`: so many arguments do not fit on the stack.
function addAll(list: Value[], items: readonly Value[]): void {
  spendOnItems(items.length);
  for (const item of items.slice()) list.push(item);
}

function reverse(list: Value[]): void {
  spendOn(list.length);
  list.reverse();
}

function spliced(list: Value[], place: number, removed: number, ...added: Value[]): Value[] {
  spendOn(list.length);
  return list.splice(place, removed, ...added);
}

function indexOf(items: readonly Value[], value: Value): bigint {
  const place = items.findIndex((item) => equal(item, value));
  if (place < 0) throw new JinjaFault('the value is not in the list');
  return BigInt(place);
}
