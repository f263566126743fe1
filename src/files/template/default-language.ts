import { missingInputs, templateTooCostly } from './template-errors.ts';
import { maxRenderedLength } from './template-limits.ts';
import type { TemplateText } from './template-texts.ts';

// As the official v5 SDKs have it. Linear: no part of it can match a brace but the braces, so no
// two attempts look at the same text.
const variable = /\{\{\s?([a-zA-Z_\d.[\]]+)\s?\}\}/g;

/** The variables of a text as often as they occur, in their order. */
export function defaultVariables(text: string): string[] {
  return Array.from(text.matchAll(variable), ([, name = '']) => name);
}

/**
 * Puts inputs in the place of variables, in one pass.
 *
 * @throws `invalid` (invalid): missing inputs, or inputs that are too much when put in.
 */
export function renderDefault(
  texts: readonly TemplateText[],
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  const inserted = new Map<string, string>();
  const missing = new Set<string>();
  let length = 0;

  const insert = (_match: string, name: string): string => {
    let value = inserted.get(name);
    if (value === undefined) {
      const input = inputNamed(inputs, name);
      if (input === undefined) missing.add(name);
      value = input === undefined ? '' : asText(input);
      inserted.set(name, value);
    }
    length += value.length;
    if (length > maxRenderedLength) throw templateTooCostly('what its inputs add is too long');
    return value;
  };

  const rendered = texts.map(({ text }) => text.replace(variable, insert));
  if (missing.size > 0) throw missingInputs([...missing]);
  return rendered;
}

function inputNamed(inputs: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(inputs, name)) return inputs[name];
  const path = name.match(/[^.[\]]+/g);
  if (path === null) return undefined;
  let value: unknown = inputs;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function asText(input: unknown): string {
  if (typeof input === 'string') return input;
  if (input === null) return '';
  try {
    return JSON.stringify(input);
  } catch {
    // JSON.parse takes any depth; JSON.stringify recurses, and runs out of stack.
    throw templateTooCostly('an input is nested too deeply');
  }
}
