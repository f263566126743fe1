import { callable, noArguments } from '../arguments.ts';
import { JinjaFault } from '../faults.ts';
import { iterate } from '../sequences.ts';
import { type Arguments, Dict, DictView, orElse, Thing, Tuple, type Value } from '../values.ts';

/** A method of Python's dict; undefined if it has none of that name. */
export function dictMethod(dict: Dict, name: string): Thing | undefined {
  return methods.get(name)?.(dict);
}

/** A dict of pairs or of another dict, with named members: `dict(other, a=1)`. */
export function makeDict({ positional: [source], named }: Arguments = noArguments): Dict {
  const dict = new Dict();
  if (source !== undefined) update(dict, source);
  for (const [key, value] of named) dict.set(key, value);
  return dict;
}

const method = 'builtin_function_or_method';

const methods = new Map<string, (dict: Dict) => Thing>([
  ['keys', (dict) => callable(method, '', () => new DictView('keys', dict))],
  ['values', (dict) => callable(method, '', () => new DictView('values', dict))],
  ['items', (dict) => callable(method, '', () => new DictView('items', dict))],
  ['copy', (dict) => callable(method, '', () => new Dict(dict.entries()))],
  [
    'get',
    (dict) =>
      callable(method, 'key! default', ([key = null, other = null]) =>
        orElse(dict.get(key), other),
      ),
  ],
  [
    'pop',
    (dict) => callable(method, 'key! default', ([key = null, other]) => pop(dict, key, other)),
  ],
  ['popitem', (dict) => callable(method, '', () => popItem(dict))],
  [
    'setdefault',
    (dict) =>
      callable(method, 'key! default', ([key = null, other = null]) => {
        const value = orElse(dict.get(key), other);
        dict.set(key, value);
        return value;
      }),
  ],
  [
    'update',
    (dict) =>
      new Thing(method, {
        call: (args) => {
          update(dict, makeDict(args));
          return null;
        },
      }),
  ],
  [
    'clear',
    (dict) =>
      callable(method, '', () => {
        dict.clear();
        return null;
      }),
  ],
]);

function update(dict: Dict, source: Value): void {
  if (source instanceof Dict) {
    for (const [key, value] of source.entries()) dict.set(key, value);
    return;
  }
  for (const pair of iterate(source)) {
    const [key, value, ...rest] = iterate(pair);
    if (key === undefined || value === undefined || rest.length > 0) {
      throw new JinjaFault('a dict is made of pairs');
    }
    dict.set(key, value);
  }
}

function pop(dict: Dict, key: Value, other: Value | undefined): Value {
  const value = orElse(dict.get(key), other);
  if (value === undefined) throw new JinjaFault('the dict has no such key');
  dict.delete(key);
  return value;
}

function popItem(dict: Dict): Value {
  const last = dict.entries().at(-1);
  if (!last) throw new JinjaFault('popitem(): dictionary is empty');
  dict.delete(last[0]);
  return new Tuple(last);
}
