import { JinjaFault } from './faults.ts';
import { spend, spendOn } from './fuel.ts';
import { Dict, defined, Range, Tuple, textOf, typeOf, Undefined, type Value } from './values.ts';

/** Whether two values are equal in Python: 1, 1.0 and True are, a list and a tuple are not. */
export function equal(a: Value, b: Value): boolean {
  spend(1);
  const [number, other] = [numberOf(a), numberOf(b)];
  if (number !== undefined && other !== undefined) return isSameNumber(number, other);
  const [text, otherText] = [textOf(a), textOf(b)];
  if (text !== undefined && otherText !== undefined) {
    spendOn(text.length === otherText.length ? text.length : 0);
    return text === otherText;
  }
  if (Array.isArray(a) && Array.isArray(b)) return allEqual(a, b);
  if (a instanceof Tuple && b instanceof Tuple) return allEqual(a.items, b.items);
  if (a instanceof Dict && b instanceof Dict) {
    return (
      a.size === b.size &&
      a.entries().every(([key, value]) => {
        const counterpart = b.get(key);
        return counterpart !== undefined && equal(value, counterpart);
      })
    );
  }
  if (a instanceof Range && b instanceof Range) {
    return a.start === b.start && a.stop === b.stop && a.step === b.step;
  }
  if (a instanceof Undefined && b instanceof Undefined) return true;
  return a === b;
}

/**
 * Below 0 if `a` comes first, above 0 if `b` does. NaN if neither is before, as floats have it.
 *
 * @throws JinjaFault for values without an order.
 */
export function compare(a: Value, b: Value, sign = '<'): number {
  spend(1);
  const [left, right] = [defined(a), defined(b)];
  const [number, other] = [numberOf(left), numberOf(right)];
  if (number !== undefined && other !== undefined) {
    if (isSameNumber(number, other)) return 0;
    return number < other ? -1 : number > other ? 1 : Number.NaN;
  }
  const [text, otherText] = [textOf(left), textOf(right)];
  if (text !== undefined && otherText !== undefined) return compareTexts(text, otherText);
  const [items, otherItems] = [itemsOf(left), itemsOf(right)];
  if (items && otherItems && typeOf(left) === typeOf(right)) {
    return compareItems(items, otherItems, sign);
  }
  const types = `'${typeOf(left)}' and '${typeOf(right)}'`;
  throw new JinjaFault(`'${sign}' not supported between instances of ${types}`);
}

/** A number, or a bool as one; undefined for other values. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** A number as a float. @throws JinjaFault for an int that is too large. */
export function floatOf(number: bigint | number): number {
  const float = Number(number);
  if (typeof number === 'bigint' && !Number.isFinite(float)) {
    throw new JinjaFault('int too large to convert to float');
  }
  return float;
}

// An int may equal a float, and NaN equals nothing.
function isSameNumber(a: bigint | number, b: bigint | number): boolean {
  return a <= b && a >= b;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
}

function allEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
}

function compareItems(a: readonly Value[], b: readonly Value[], sign: string): number {
  for (const [index, item] of a.entries()) {
    const counterpart = b[index];
    if (counterpart === undefined) return 1;
    if (!equal(item, counterpart)) return compare(item, counterpart, sign);
  }
  return a.length - b.length;
}

// By code points. JavaScript compares units, which puts 😀 before ﷺ.
function compareTexts(a: string, b: string): number {
  spendOn(Math.min(a.length, b.length));
  if (a === b) return 0;
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : 1;
  const [left, right] = [[...a], [...b]];
  for (const [index, character] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}

const surrogate = /[\ud800-\udfff]/;
