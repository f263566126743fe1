import { callable } from '../arguments.ts';
import { numberOf } from '../compare.ts';
import { fixed } from '../number-format.ts';
import type { Thing, Value } from '../values.ts';

/** A method of Python's int or float; undefined if it has none of that name. */
export function numberMethod(value: Value, name: string): Value | undefined {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (name === 'real') return number;
  if (name === 'imag') return typeof number === 'bigint' ? 0n : 0;
  if (name === 'conjugate') return method(() => number);
  if (name === 'is_integer') return method(() => Number.isInteger(Number(number)));
  if (typeof number === 'number') return undefined;
  if (name === 'bit_length') {
    return method(() => BigInt(number === 0n ? 0 : number.toString(2).replace('-', '').length));
  }
  if (name === 'numerator') return number;
  return name === 'denominator' ? 1n : undefined;
}

/** Python's `round` of a float to a count of digits: half goes to the even digit. */
export function roundedFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 330) return value;
  return digits < -330 ? 0 : Number(fixed(value, digits));
}

function method(run: () => Value): Thing {
  return callable('builtin_function_or_method', '', run);
}
