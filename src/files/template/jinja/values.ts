import { JinjaFault, UndefinedFault } from './faults.ts';
import { spendOn, spendOnItems } from './fuel.ts';

/**
 * A value as Python has it: a bigint is an int, a number a float, an array a list. The classes below
 * are what JavaScript lacks.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Markup
  | Value[]
  | Tuple
  | Dict
  | DictView
  | Range
  | Once
  | Thing
  | Undefined;

/** What a call hands over. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A text that is HTML already, and is not escaped again. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A tuple, with names for its items if it is a named one. */
export class Tuple {
  readonly items: readonly Value[];
  readonly names: readonly string[];

  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** A dict: in order of insertion; 1, 1.0 and True are one key. */
export class Dict {
  readonly #entries = new Map<unknown, [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(identityOf(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#entries.has(identityOf(key));
  }

  set(key: Value, value: Value): void {
    const identity = identityOf(key);
    const entry = this.#entries.get(identity);
    if (entry) entry[1] = value;
    else this.#entries.set(identity, [key, value]);
  }

  delete(key: Value): void {
    this.#entries.delete(identityOf(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  entries(): (readonly [Value, Value])[] {
    spendOnItems(this.size);
    return [...this.#entries.values()];
  }
}

/** What `keys()`, `values()` and `items()` of a dict return. */
export class DictView {
  readonly part: 'keys' | 'values' | 'items';
  readonly dict: Dict;

  constructor(part: 'keys' | 'values' | 'items', dict: Dict) {
    this.part = part;
    this.dict = dict;
  }

  items(): Value[] {
    const entries = this.dict.entries();
    if (this.part === 'items') return entries.map((entry) => new Tuple(entry));
    return entries.map(([key, value]) => (this.part === 'keys' ? key : value));
  }
}

/** What `range()` returns. */
export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;

  constructor(start: bigint, stop: bigint, step: bigint) {
    if (step === 0n) throw new JinjaFault('range() arg 3 must not be zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): bigint {
    const span = this.step > 0n ? this.stop - this.start : this.start - this.stop;
    const step = this.step > 0n ? this.step : -this.step;
    return span > 0n ? (span + step - 1n) / step : 0n;
  }
}

/** What can be gone through once, as a generator can. */
export class Once {
  #rest: readonly Value[];

  constructor(items: readonly Value[]) {
    this.#rest = items;
  }

  rest(): readonly Value[] {
    const rest = this.#rest;
    this.#rest = [];
    return rest;
  }
}

/** A function, a method, a macro, a loop, a namespace: what has attributes or can be called. */
export class Thing {
  /** As Python would name its type. */
  readonly type: string;
  readonly call: ((args: Arguments) => Value) | undefined;
  readonly attribute: (name: string) => Value | undefined;
  /** The attributes that a template may set; undefined: none. */
  readonly settable: Map<string, Value> | undefined;

  constructor(
    type: string,
    parts: {
      readonly call?: (args: Arguments) => Value;
      readonly attribute?: (name: string) => Value | undefined;
      readonly settable?: Map<string, Value>;
    },
  ) {
    this.type = type;
    this.call = parts.call;
    this.settable = parts.settable;
    this.attribute = parts.attribute ?? ((name) => parts.settable?.get(name));
  }
}

/** A value that is not there. */
export class Undefined {
  /** The input that is missing, if that is why. */
  readonly input: string | undefined;
  /** Whether it may be used as an empty text: what `a if b` without an `else` may. */
  readonly isEmptyText: boolean;

  constructor(input?: string, isEmptyText = false) {
    this.input = input;
    this.isEmptyText = isEmptyText;
  }
}

/** The first value, if it is there. Not `??`: None is null, and is there. */
export function orElse<Other>(value: Value | undefined, other: Other): Value | Other {
  return value === undefined ? other : value;
}

export function orUndefined(value: Value | undefined): Value {
  return orElse(value, new Undefined());
}

/** @throws UndefinedFault for a value that is not there, unless it may be an empty text. */
export function defined(value: Value): Exclude<Value, Undefined> {
  if (!(value instanceof Undefined)) return value;
  if (value.isEmptyText) return '';
  throw new UndefinedFault(value.input);
}

/** Whether a condition takes it for true. What is not there is false. */
export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  if (value instanceof Markup) return value.text !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof DictView) return value.dict.size > 0;
  if (value instanceof Range) return value.length > 0n;
  if (typeof value === 'object') return true;
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** The name of its type in Python. */
export function typeOf(value: Value): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Thing) return value.type;
  if (value instanceof DictView) return `dict_${value.part}`;
  if (typeof value === 'object') return classNames.get(value.constructor) ?? 'object';
  return typeNames[typeof value] ?? 'object';
}

const typeNames: Readonly<Record<string, string>> = {
  boolean: 'bool',
  bigint: 'int',
  number: 'float',
  string: 'str',
};

const classNames = new Map<unknown, string>([
  [Markup, 'Markup'],
  [Tuple, 'tuple'],
  [Dict, 'dict'],
  [Range, 'range'],
  [Once, 'generator'],
  [Undefined, 'Undefined'],
]);

/** The text of a string, escaped or not; undefined for other values. */
export function textOf(value: Value | undefined): string | undefined {
  return value instanceof Markup ? value.text : typeof value === 'string' ? value : undefined;
}

// What makes keys one key.
function identityOf(key: Value): unknown {
  if (typeof key === 'boolean') return key ? 1n : 0n;
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key;
  if (key instanceof Markup) return key.text;
  if (key instanceof Tuple) {
    const parts = key.items.map((item) => {
      const identity = identityOf(item);
      const text = String(identity);
      spendOn(text.length);
      // With its length, so that no text of an item is taken for several items.
      return `${typeof identity} ${text.length} ${text}`;
    });
    return `\0tuple ${parts.join(' ')}`;
  }
  if (Array.isArray(key) || key instanceof Dict) {
    throw new JinjaFault(`unhashable type: '${typeOf(key)}'`);
  }
  return key;
}
