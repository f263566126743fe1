import { Ajv, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { withDoubles } from './exact-json.ts';
import { readPattern } from './foreign-pattern.ts';
import { readTime } from './moment.ts';
import type { SchemaErrors } from './schema-faults.ts';
import { withCheckedNumbers } from './typed-numbers.ts';

/**
 * Says what is wrong with a value; empty when it fits. May write defaults into a value without exact
 * numbers, which it sees as doubles.
 */
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
 * @param plain makes doubles of the numbers that a check looks at.
 *
 * A schema is compiled when it is first used, and then kept. Compiling all two hundred at the start
 * would delay it by half a second.
 */
export function schemaCompiler(
  options: Options = {},
  Dialect: typeof Ajv | typeof Ajv2020 = Ajv,
  plain: (value: unknown, schema: object) => unknown = withCheckedNumbers,
): (schema: object) => SchemaCheck {
  let first: Ajv | Ajv2020 | undefined;
  let every: Ajv | Ajv2020 | undefined;
  return (schema) => (given) => {
    const value = plain(given, schema);
    first ??= validator(options, Dialect);
    const findFirst = first.compile(schema);
    if (findFirst(value)) return [];
    if (countValues(value, mostValues) === mostValues) return findFirst.errors ?? [];
    every ??= validator({ ...options, allErrors: true }, Dialect);
    const findEvery = every.compile(schema);
    return findEvery(value) ? [] : (findEvery.errors ?? []);
  };
}

/** Compiles schemas that other people wrote, as `mendedSchema` returns them. */
export function foreignSchemaCompiler(): (schema: object) => SchemaCheck {
  // `mendedSchema` has checked every word, and its notes say more than the compiler's warnings.
  const options = {
    discriminator: false,
    meta: false,
    validateSchema: false,
    logger: false,
  } as const;
  const compile = schemaCompiler(
    { ...options, code: { regExp: foreignPattern } },
    Ajv2020,
    withDoubles,
  );
  return (schema) => compile(withDoubles(schema) as object);
}

/** A pattern that cannot be read matches everything. */
const foreignPattern = Object.assign((pattern: string): RegExp => readPattern(pattern) ?? /(?:)/, {
  code: 'foreignPattern',
});

function validator(options: Options, Dialect: typeof Ajv | typeof Ajv2020): Ajv | Ajv2020 {
  const ajv = new Dialect({
    strict: false,
    strictNumbers: true,
    discriminator: true,
    verbose: true,
    ...options,
  });
  ajv.addFormat('date-or-date-time', (text) => readTime(text) !== undefined);
  return addFormats.default(ajv, { keywords: false });
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
