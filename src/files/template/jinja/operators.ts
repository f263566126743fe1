import { compare, equal, floatOf, numberOf } from './compare.ts';
import { escaped } from './escape.ts';
import { JinjaFault } from './faults.ts';
import { OutOfFuel, spendOn, spendOnItems } from './fuel.ts';
import { percentFormat } from './percent-format.ts';
import { contains, toIndex } from './sequences.ts';
import { defined, Markup, Tuple, textOf, typeOf, type Value } from './values.ts';

/** A sign between two values: `+`, `==`, `in`. */
export type Operator = keyof typeof operators;

type Operate = (a: Value, b: Value) => Value;

/** What the signs between two values do. Comparing what is not there with `==` is no error. */
export const operators = {
  '+': add,
  '-': arithmetic('-', { whole: (a, b) => a - b, float: (a, b) => a - b }),
  '*': multiply,
  '/': arithmetic('/', { whole: quotient, float: divide }),
  '//': arithmetic('//', {
    whole: (a, b) => (a - modulo(a, b)) / b,
    float: floorQuotient,
  }),
  '%': remainder,
  '**': arithmetic('**', { whole: power, float: floatPower }),
  '==': equal,
  '!=': (a: Value, b: Value) => !equal(a, b),
  '<': (a: Value, b: Value) => compare(a, b) < 0,
  '<=': (a: Value, b: Value) => compare(a, b, '<=') <= 0,
  '>': (a: Value, b: Value) => compare(a, b, '>') > 0,
  '>=': (a: Value, b: Value) => compare(a, b, '>=') >= 0,
  in: (a: Value, b: Value) => contains(b, a),
  'not in': (a: Value, b: Value) => !contains(b, a),
} satisfies Readonly<Record<string, Operate>>;

/** A number with the opposite sign. */
export function negated(value: Value): Value {
  const number = numberOf(defined(value));
  if (number === undefined) {
    throw new JinjaFault(`bad operand type for unary -: '${typeOf(value)}'`);
  }
  return -number;
}

/** A number as it is, and no other value. */
export function asPositive(value: Value): Value {
  const number = numberOf(defined(value));
  if (number === undefined) {
    throw new JinjaFault(`bad operand type for unary +: '${typeOf(value)}'`);
  }
  return number;
}

function arithmetic(
  sign: string,
  on: {
    readonly whole: (a: bigint, b: bigint) => Value;
    readonly float: (a: number, b: number) => Value;
  },
): Operate {
  return (a, b) => {
    const [left, right] = [numberOf(defined(a)), numberOf(defined(b))];
    if (left === undefined || right === undefined) throw unsupported(sign, a, b);
    if (typeof left === 'bigint' && typeof right === 'bigint') {
      if (!isSmall(left) || !isSmall(right)) spendOnBits(bitsOf(left) + bitsOf(right));
      return on.whole(left, right);
    }
    return on.float(floatOf(left), floatOf(right));
  };
}

const addNumbers = arithmetic('+', { whole: (a, b) => a + b, float: (a, b) => a + b });

function add(a: Value, b: Value): Value {
  const [left, right] = [defined(a), defined(b)];
  const [text, other] = [textOf(left), textOf(right)];
  if (text !== undefined && other !== undefined) {
    spendOn(text.length + other.length);
    if (typeof left === 'string' && typeof right === 'string') return text + other;
    return new Markup(escaped(left) + escaped(right));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    spendOnItems(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    spendOnItems(left.items.length + right.items.length);
    return new Tuple([...left.items, ...right.items]);
  }
  if (text !== undefined) {
    throw new JinjaFault(`can only concatenate str (not "${typeOf(right)}") to str`);
  }
  if (Array.isArray(left)) {
    throw new JinjaFault(`can only concatenate list (not "${typeOf(right)}") to list`);
  }
  return addNumbers(left, right);
}

const multiplyNumbers = arithmetic('*', { whole: (a, b) => a * b, float: (a, b) => a * b });

function multiply(a: Value, b: Value): Value {
  const [left, right] = [defined(a), defined(b)];
  if (typeof left === 'bigint' || typeof left === 'boolean') {
    return repeated(right, left) ?? multiplyNumbers(left, right);
  }
  return repeated(left, right) ?? multiplyNumbers(left, right);
}

/** A text, list or tuple, several times over; undefined for other values. */
function repeated(value: Value, count: Value): Value | undefined {
  const text = textOf(value);
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined;
  if (text === undefined && !items) return undefined;
  const times = Math.max(0, toIndex(count));
  if (text !== undefined) {
    spendOn(text.length * times);
    const product = text.repeat(times);
    return value instanceof Markup ? new Markup(product) : product;
  }
  const length = items?.length ?? 0;
  spendOnItems(length * times);
  // Of nothing there is nothing, however many times.
  const product = Array.from({ length: Math.min(times, length * times) }, () => items ?? []).flat();
  return Array.isArray(value) ? product : new Tuple(product);
}

const remainderOfNumbers = arithmetic('%', {
  whole: modulo,
  float: floatModulo,
});

function remainder(a: Value, b: Value): Value {
  const text = textOf(a);
  if (text === undefined) return remainderOfNumbers(a, b);
  const formatted = percentFormat(text, defined(b));
  return a instanceof Markup ? new Markup(formatted) : formatted;
}

function modulo(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new JinjaFault('integer modulo by zero');
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function floatModulo(a: number, b: number): number {
  if (b === 0) throw new JinjaFault('float modulo by zero');
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

// Not the floor of `a / b`, which is rounded: 1 // 0.1 is 9, since 0.1 is a little more than that.
function floorQuotient(a: number, b: number): number {
  const quotient = divide(a - floatModulo(a, b), b);
  return Math.round(quotient);
}

function divide(a: number, b: number): number {
  if (b === 0) throw new JinjaFault('division by zero');
  return a / b;
}

// Rounded once: two numbers that are rounded first would give another last digit.
function quotient(a: bigint, b: bigint): number {
  if ((isSmall(a) && isSmall(b)) || b === 0n) return divide(Number(a), Number(b));
  const shift = BigInt(Math.max(0, bitsOf(b) - bitsOf(a) + 80));
  const shifted = a << shift;
  // An odd last bit stands for the rest, so that half is never mistaken.
  const whole = (shifted / b) | (shifted % b === 0n ? 0n : 1n);
  const result = Number(whole) / 2 ** Number(shift);
  if (!Number.isFinite(result))
    throw new JinjaFault('integer division result too large for a float');
  return result;
}

function power(a: bigint, b: bigint): Value {
  if (b < 0n) return floatPower(floatOf(a), floatOf(b));
  spendOnBits(bitsOf(a) * Number(b));
  return a ** b;
}

function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw new JinjaFault('0.0 cannot be raised to a negative power');
  const result = a ** b;
  if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) {
    throw new JinjaFault('the result is a complex number');
  }
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new JinjaFault('the result is too large for a float');
  }
  return result;
}

// The digits of an int: about as many characters as it takes in memory, but slower to work with.
function spendOnBits(bits: number): void {
  if (bits > 100_000) throw new OutOfFuel('it takes too many steps');
  spendOn(bits);
}

function isSmall(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
}

function bitsOf(value: bigint): number {
  return 4 * value.toString(16).length;
}

function unsupported(sign: string, a: Value, b: Value): JinjaFault {
  const name = sign === '**' ? '** or pow()' : sign;
  const types = `'${typeOf(a)}' and '${typeOf(b)}'`;
  return new JinjaFault(`unsupported operand type(s) for ${name}: ${types}`);
}
