import { compare, equal, numberOf } from './compare.ts';
import { JinjaFault } from './faults.ts';
import { spend, spendOn, spendOnItems } from './fuel.ts';
import {
  Dict,
  DictView,
  defined,
  Markup,
  Once,
  Range,
  Thing,
  Tuple,
  textOf,
  typeOf,
  type Value,
} from './values.ts';

/** The items that a loop goes through. @throws JinjaFault if there can be none. */
export function iterate(value: Value): readonly Value[] {
  const items = itemsIn(defined(value));
  if (!items) throw new JinjaFault(`'${typeOf(value)}' object is not iterable`);
  spendOn(items.length);
  return items;
}

/** Whether a loop can go through a value. */
export function isIterable(value: Value): boolean {
  return (
    textOf(value) !== undefined ||
    Array.isArray(value) ||
    [Tuple, Dict, DictView, Range, Once].some((type) => value instanceof type) ||
    (value instanceof Thing && value.type === 'LoopContext')
  );
}

/** Python's `len`. */
export function lengthOf(value: Value): number {
  const present = defined(value);
  const text = textOf(present);
  if (text !== undefined) return characterCount(text);
  if (Array.isArray(present)) return present.length;
  if (present instanceof Tuple) return present.items.length;
  if (present instanceof Dict) return present.size;
  if (present instanceof DictView) return present.dict.size;
  if (present instanceof Range) return Number(present.length);
  throw new JinjaFault(`object of type '${typeOf(value)}' has no len()`);
}

/** Characters of a text: code points, as Python counts. */
export function characterCount(text: string): number {
  spendOn(text.length);
  return surrogate.test(text) ? charactersOf(text).length : text.length;
}

/** The characters of a text from one to before another. */
export function sliceText(text: string, start: number, end?: number): string {
  spendOn(text.length);
  return surrogate.test(text) ? [...text].slice(start, end).join('') : text.slice(start, end);
}

/** The characters of a text. */
export function charactersOf(text: string): string[] {
  spendOnItems(text.length);
  return [...text];
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
  const present = defined(container);
  const text = textOf(present);
  if (text !== undefined) {
    const part = textOf(defined(item));
    if (part === undefined) {
      const type = typeOf(item);
      throw new JinjaFault(`'in <string>' requires string as left operand, not ${type}`);
    }
    spendOn(text.length);
    return text.includes(part);
  }
  if (present instanceof Dict) return present.has(item);
  if (!isIterable(present)) {
    throw new JinjaFault(`argument of type '${typeOf(present)}' is not iterable`);
  }
  return iterate(present).some((member) => equal(member, item));
}

/** The item at a place, from the end if it is negative; undefined if there is none. */
export function itemAt(value: Value, place: bigint): Value | undefined {
  const text = textOf(value);
  if (text !== undefined) {
    spendOn(text.length);
    return surrogate.test(text) ? charactersOf(text).at(Number(place)) : text.at(Number(place));
  }
  if (Array.isArray(value)) return value.at(Number(place));
  if (value instanceof Tuple) return value.items.at(Number(place));
  if (!(value instanceof Range)) return undefined;
  const at = place < 0n ? value.length + place : place;
  return at >= 0n && at < value.length ? value.start + at * value.step : undefined;
}

/** The bounds of `[start:stop:step]`; null: left out. */
export interface Bounds {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** `value[start:stop:step]`. */
export function slice(value: Value, bounds: Bounds): Value {
  const present = defined(value);
  const text = textOf(present);
  if (text !== undefined) {
    const part = pick(charactersOf(text), bounds).join('');
    return present instanceof Markup ? new Markup(part) : part;
  }
  if (Array.isArray(present)) return pick(present, bounds);
  if (present instanceof Tuple) return new Tuple(pick(present.items, bounds));
  if (present instanceof Range) return sliceRange(present, bounds);
  throw new JinjaFault(`'${typeOf(value)}' object is not subscriptable`);
}

/** Sorted as Python sorts: equal ones keep their order, also in reverse. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => Value, reverse = false): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = reverse ? -1 : 1;
  return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ item }) => item);
}

/** An int that JavaScript can count with. @throws JinjaFault for other values. */
export function toIndex(value: Value): number {
  const number = numberOf(defined(value));
  if (typeof number === 'bigint') return Number(number);
  throw new JinjaFault(`'${typeOf(value)}' object cannot be interpreted as an integer`);
}

function itemsIn(value: Value): readonly Value[] | undefined {
  const text = textOf(value);
  if (text !== undefined) return charactersOf(text);
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.entries().map(([key]) => key);
  if (value instanceof DictView) return value.items();
  if (value instanceof Once) return value.rest();
  return value instanceof Range ? numbersIn(value) : undefined;
}

function numbersIn({ start, step, length }: Range): bigint[] {
  spend(Number(length));
  const numbers: bigint[] = [];
  for (let left = length, next = start; left > 0n; left--, next += step) numbers.push(next);
  return numbers;
}

function sliceRange(range: Range, bounds: Bounds): Range {
  const { from, to, by } = placesOf(Number(range.length), bounds);
  const at = (place: number) => range.start + BigInt(place) * range.step;
  return new Range(at(from), at(to), range.step * BigInt(by));
}

function pick<T>(items: readonly T[], bounds: Bounds): T[] {
  spendOnItems(items.length);
  const { from, to, by } = placesOf(items.length, bounds);
  const picked: T[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) picked.push(items[at] as T);
  return picked;
}

/** The first place of a slice, the place that ends it, and the step between places. */
function placesOf(length: number, { start, stop, step }: Bounds) {
  const by = step === null ? 1 : toIndex(step);
  if (by === 0) throw new JinjaFault('slice step cannot be zero');
  const [low, high] = by > 0 ? [0, length] : [-1, length - 1];
  const place = (bound: Value, otherwise: number): number => {
    if (bound === null) return otherwise;
    const at = toIndex(bound);
    return Math.max(low, Math.min(high, at < 0 ? at + length : at));
  };
  return { from: place(start, by > 0 ? low : high), to: place(stop, by > 0 ? high : low), by };
}

const surrogate = /[\ud800-\udfff]/;
