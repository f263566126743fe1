import { attributeGetter, attributeOf, sortKeyGetter } from '../attributes.ts';
import { compare, equal } from '../compare.ts';
import { JinjaFault } from '../faults.ts';
import { type Filter, type Runtime, taking } from '../filter.ts';
import { spend, spendOn } from '../fuel.ts';
import { operators } from '../operators.ts';
import { iterate, lengthOf, slice, sorted, toIndex } from '../sequences.ts';
import { str } from '../spelling.ts';
import {
  type Arguments,
  Dict,
  DictView,
  defined,
  isTrue,
  Once,
  orUndefined,
  Tuple,
  textOf,
  Undefined,
  type Value,
} from '../values.ts';

/** Filters of lists, dicts, and whatever else a loop can go through. */
export const sequenceFilters: Readonly<Record<string, Filter>> = {
  length: (value) => BigInt(lengthOf(value)),
  count: (value) => BigInt(lengthOf(value)),
  first: (value) => orUndefined(iterate(value)[0]),
  last: (value) => orUndefined(iterate(value).at(-1)),
  list: (value) => [...iterate(value)],
  random: (value) => {
    const items = iterate(value);
    return orUndefined(items[Math.floor(Math.random() * items.length)]);
  },
  reverse: (value) =>
    textOf(value) === undefined
      ? new Once(iterate(value).toReversed())
      : slice(value, { start: null, stop: null, step: -1n }),
  sum: taking('attribute start', (value, [attribute, start = 0n]) =>
    iterate(value).map(attributeGetter(attribute)).reduce(operators['+'], start),
  ),
  min: taking('case_sensitive attribute', (value, args) => extreme(value, args, -1)),
  max: taking('case_sensitive attribute', (value, args) => extreme(value, args, 1)),
  sort: taking('reverse case_sensitive attribute', (value, [reverse, sensitive, attribute]) => {
    const keyOf = sortKeyGetter(attribute);
    const ignoring = caseOf(sensitive);
    return sorted(iterate(value), (item) => keyOf(item).map(ignoring), isTrue(reverse ?? false));
  }),
  unique: taking('case_sensitive attribute', (value, [sensitive, attribute]) => {
    const [keyOf, ignoring] = [attributeGetter(attribute), caseOf(sensitive)];
    const seen = new Dict();
    const items = iterate(value).filter((item) => {
      const key = ignoring(keyOf(item));
      spend(1);
      if (seen.has(key)) return false;
      seen.set(key, true);
      return true;
    });
    return new Once(items);
  }),
  groupby: taking('attribute! default case_sensitive', groupBy),
  dictsort: taking('case_sensitive by reverse', dictSort),
  items: (value) => {
    if (value instanceof Undefined) return new Once([]);
    if (!(value instanceof Dict)) throw new JinjaFault('can only get item pairs from a mapping');
    return new Once(new DictView('items', value).items());
  },
  batch: taking('linecount! fill_with', batch),
  slice: taking('slices! fill_with', slices),
  attr: taking('name!', (value, [name = null]) => {
    return orUndefined(attributeOf(defined(value), str(name)));
  }),
  map: (value, args, runtime) => new Once(itemsOf(value).map(mapper(args, runtime))),
  select: chosen({ byAttribute: false, keeps: true }),
  reject: chosen({ byAttribute: false, keeps: false }),
  selectattr: chosen({ byAttribute: true, keeps: true }),
  rejectattr: chosen({ byAttribute: true, keeps: false }),
};

/** What makes large and small letters the same, unless they count. */
function caseOf(sensitive: Value | undefined): (value: Value) => Value {
  if (isTrue(sensitive ?? false)) return (value) => value;
  return (value) => {
    const text = textOf(value);
    spendOn(text?.length ?? 0);
    return text?.toLowerCase() ?? value;
  };
}

function extreme(value: Value, [sensitive, attribute]: (Value | undefined)[], sign: 1 | -1): Value {
  const [keyOf, ignoring] = [attributeGetter(attribute), caseOf(sensitive)];
  const [first, ...rest] = iterate(value);
  if (first === undefined) return new Undefined();
  let found = { item: first, key: ignoring(keyOf(first)) };
  for (const item of rest) {
    const key = ignoring(keyOf(item));
    if (sign * compare(key, found.key) > 0) found = { item, key };
  }
  return found.item;
}

function groupBy(value: Value, [attribute, other = null, sensitive]: (Value | undefined)[]): Value {
  const keyOf = attributeGetter(attribute, other);
  const ignoring = caseOf(sensitive);
  const groups: { key: Value; grouper: Value; items: Value[] }[] = [];
  for (const item of sorted(iterate(value), (one) => ignoring(keyOf(one)))) {
    const key = ignoring(keyOf(item));
    const last = groups.at(-1);
    if (last && equal(last.key, key)) last.items.push(item);
    else groups.push({ key, grouper: keyOf(item), items: [item] });
  }
  return groups.map(({ grouper, items }) => new Tuple([grouper, items], ['grouper', 'list']));
}

function dictSort(
  value: Value,
  [sensitive, by = 'key', reverse = false]: (Value | undefined)[],
): Value {
  if (!(value instanceof Dict)) throw new JinjaFault('dictsort needs a dict');
  const place = ['key', 'value'].indexOf(str(by));
  if (place < 0) throw new JinjaFault("You can only sort by either 'key' or 'value'");
  const ignoring = caseOf(sensitive);
  return sorted(value.entries(), (entry) => ignoring(entry[place] ?? null), isTrue(reverse)).map(
    (entry) => new Tuple(entry),
  );
}

function batch(value: Value, [count = null, fill = null]: (Value | undefined)[]): Value {
  const size = Math.max(1, toIndex(count));
  const items = iterate(value);
  const rows: Value[] = [];
  for (let at = 0; at < items.length; at += size) {
    const row = items.slice(at, at + size);
    spendOn(fill === null ? row.length : size);
    while (fill !== null && row.length < size) row.push(fill);
    rows.push(row);
  }
  return new Once(rows);
}

function slices(value: Value, [count = null, fill = null]: (Value | undefined)[]): Value {
  const parts = toIndex(count);
  if (parts <= 0) throw new JinjaFault('integer division or modulo by zero');
  const items = iterate(value);
  spendOn(parts * 8);
  const [size, longer] = [Math.floor(items.length / parts), items.length % parts];
  const columns: Value[] = [];
  let at = 0;
  for (let part = 0; part < parts; part++) {
    const end = at + size + (part < longer ? 1 : 0);
    const column = items.slice(at, end);
    if (fill !== null && part >= longer) column.push(fill);
    columns.push(column);
    at = end;
  }
  return new Once(columns);
}

/** The items to choose from. What is false, such as None, has none. */
function itemsOf(value: Value): readonly Value[] {
  return isTrue(defined(value)) ? iterate(value) : [];
}

/** What `map` does with an item: reads an attribute, or applies a filter. */
function mapper({ positional, named }: Arguments, runtime: Runtime): (item: Value) => Value {
  if (positional.length === 0 && named.has('attribute')) {
    return attributeGetter(named.get('attribute'), named.get('default'));
  }
  const [name, ...rest] = positional;
  if (name === undefined) throw new JinjaFault('map requires a filter argument');
  const filter = str(name);
  return (item) => runtime.filter(filter, item, { positional: rest, named });
}

interface Choice {
  readonly byAttribute: boolean;
  readonly keeps: boolean;
}

/** A filter that keeps items, or leaves them out, by a test of them or of a part of them. */
function chosen({ byAttribute, keeps }: Choice): Filter {
  return (value, { positional, named }, runtime) => {
    const [attribute, testName, ...rest] = byAttribute ? positional : [null, ...positional];
    if (attribute === undefined) throw new JinjaFault('missing the name of an attribute');
    const get = attributeGetter(attribute);
    const test =
      testName === undefined
        ? isTrue
        : (item: Value) => runtime.test(str(testName), item, { positional: rest, named });
    return new Once(itemsOf(value).filter((item) => test(get(item)) === keeps));
  };
}
