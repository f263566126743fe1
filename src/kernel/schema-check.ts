import { Ajv, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import { readTime } from './moment.ts';
import type { SchemaErrors } from './schema-faults.ts';

/** Says what is wrong with a value; empty when it fits. May write defaults into the value. */
export type SchemaCheck = (value: unknown) => SchemaErrors;

/**
 * All faults are looked for in values with up to this many members; in larger ones only the first.
 */
const mostValues = 10_000;

/**
 * Compiles schemas to checks. A check stops at the first fault, and looks for all faults only in
 * values that are not too large: a body with millions of faults must not become millions of
 * complaints.
 *
 * A schema is compiled when it is first used, and then kept. Compiling all two hundred at the start
 * would delay it by half a second.
 */
export function schemaCompiler(options: Options = {}): (schema: object) => SchemaCheck {
  let first: Ajv | undefined;
  let every: Ajv | undefined;
  return (schema) => (value) => {
    first ??= validator(options);
    const findFirst = first.compile(schema);
    if (findFirst(value)) return [];
    if (countValues(value, mostValues) === mostValues) return findFirst.errors ?? [];
    every ??= validator({ ...options, allErrors: true });
    const findEvery = every.compile(schema);
    return findEvery(value) ? [] : (findEvery.errors ?? []);
  };
}

function validator(options: Options): Ajv {
  const ajv = new Ajv({
    strict: false,
    strictNumbers: true,
    discriminator: true,
    verbose: true,
    ...options,
  });
  ajv.addFormat('date-or-date-time', (text) => readTime(text) !== undefined);
  return addFormats.default(ajv);
}

/** The number of values inside a value, itself included; stops counting at `most`. */
function countValues(value: unknown, most: number): number {
  let count = 0;
  const left = [value];
  while (left.length > 0 && count < most) {
    const next = left.pop();
    count += 1;
    if (typeof next !== 'object' || next === null) continue;
    for (const member of Object.values(next)) {
      if (left.length === most) return most;
      left.push(member);
    }
  }
  return count;
}
