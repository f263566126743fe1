import { ExactNumber } from '../../../kernel/exact-number.ts';
import { spend } from './fuel.ts';
import { Dict, type Value } from './values.ts';

/**
 * An input as Jinja has it. A number with an exponent or a fraction is a float, any other an int.
 * A bigint or an exact number has all its digits, and `1.0` is a float.
 */
export function fromInput(input: unknown): Value {
  spend(0.03);
  if (input === null || input === undefined) return null;
  if (typeof input === 'number') return Object.is(input, -0) ? -0 : fromDigits(String(input));
  if (typeof input !== 'object') return input as boolean | bigint | string;
  if (input instanceof ExactNumber) return fromDigits(input.source);
  if (Array.isArray(input)) return input.map(fromInput);
  return new Dict(Object.entries(input).map(([key, value]) => [key, fromInput(value)] as const));
}

function fromDigits(text: string): bigint | number {
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}
