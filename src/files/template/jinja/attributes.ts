import { numberOf } from './compare.ts';
import { JinjaFault } from './faults.ts';
import { spend } from './fuel.ts';
import { dictMethod } from './methods/dict.ts';
import { listMethod } from './methods/list.ts';
import { numberMethod } from './methods/number.ts';
import { textMethod } from './methods/text.ts';
import { itemAt } from './sequences.ts';
import {
  Dict,
  defined,
  orUndefined,
  Thing,
  Tuple,
  textOf,
  typeOf,
  Undefined,
  type Value,
} from './values.ts';

/** `value.name`: an attribute or method, else the member of that name. */
export function getAttribute(value: Value, name: string): Value {
  const present = defined(value);
  const attribute = attributeOf(present, name);
  return attribute === undefined ? orUndefined(itemOf(present, name)) : attribute;
}

/** `value[key]`: the item or member, else the attribute of that name. */
export function getItem(value: Value, key: Value): Value {
  const present = defined(value);
  const item = itemOf(present, key);
  if (item !== undefined) return item;
  const name = textOf(key);
  return orUndefined(name === undefined ? undefined : attributeOf(present, name));
}

/** An attribute or method; undefined if there is none. */
export function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof Thing) return value.attribute(name);
  if (textOf(value) !== undefined) return textMethod(value, name, reach);
  if (value instanceof Dict) return dictMethod(value, name);
  if (Array.isArray(value)) return listMethod(value, name);
  if (value instanceof Tuple) {
    const place = value.names.indexOf(name);
    return place >= 0 ? value.items[place] : listMethod(value, name);
  }
  return numberOf(value) === undefined ? undefined : numberMethod(value, name);
}

// Unlike a template, a format takes no member for an attribute, nor the other way round.
function reach(value: Value, key: string, isAttribute: boolean): Value {
  const present = defined(value);
  const found = isAttribute
    ? attributeOf(present, key)
    : itemOf(present, /^\d+$/.test(key) ? BigInt(key) : key);
  if (found === undefined) throw new JinjaFault(`'${typeOf(value)}' object has no such member`);
  return found;
}

function itemOf(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict) return value.get(key);
  const place = numberOf(key);
  return typeof place === 'bigint' ? itemAt(value, place) : undefined;
}

/**
 * What reads a part of a value: `a.b.0` by steps.
 *
 * @param other taken wherever a step leads to nothing, unless it is None.
 */
export function attributeGetter(
  attribute: Value | undefined,
  other: Value = null,
): (item: Value) => Value {
  const steps = stepsOf(attribute ?? null);
  return (item) =>
    steps.reduce<Value>((value, step) => {
      spend(1);
      const part = getItem(value, step);
      return part instanceof Undefined && other !== null ? other : part;
    }, item);
}

/** What reads what to sort by: one part of a value, or several with commas between. */
export function sortKeyGetter(attribute: Value | undefined): (item: Value) => Value[] {
  const text = textOf(attribute);
  const getters =
    text === undefined
      ? [attributeGetter(attribute)]
      : text.split(',').map((part) => attributeGetter(part));
  return (item) => getters.map((get) => get(item));
}

function stepsOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  const text = textOf(attribute);
  if (text === undefined) return [attribute];
  return text.split('.').map((step) => (/^\d+$/.test(step) ? BigInt(step) : step));
}
