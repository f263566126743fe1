import { isExactNumber } from '../json/exact-json.ts';

/** How a language writes what JSON has. */
export interface Words {
  readonly true: string;
  readonly false: string;
  readonly null: string;
}

export const json: Words = { true: 'true', false: 'false', null: 'null' };
export const python: Words = { true: 'True', false: 'False', null: 'None' };

/** Characters up to which a list or an object stands in one line. */
const shortLine = 72;

/**
 * A value of JSON in the words of a language; what is long is spread over lines.
 *
 * @param indent of the line in which it begins.
 * @param step how much further in its members are.
 */
export function literal(value: unknown, words: Words, step: string, indent = ''): string {
  if (typeof value === 'boolean') return value ? words.true : words.false;
  if (value === null || value === undefined) return words.null;
  if (typeof value !== 'object' || isExactNumber(value)) return JSON.stringify(value);
  const inner = indent + step;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((item) => literal(item, words, step, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${literal(member, words, step, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  const line = `${open}${members.join(', ')}${close}`;
  if (line.length + indent.length <= shortLine && !line.includes('\n')) return line;
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}
