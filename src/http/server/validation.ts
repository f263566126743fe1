import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { hasExactNumbers } from '../../kernel/exact-json.ts';
import { schemaCompiler } from '../../kernel/schema-check.ts';
import type { SchemaErrors } from '../../kernel/schema-faults.ts';
import { withTypedNumbers } from '../../kernel/typed-numbers.ts';

const ofBody = schemaCompiler({ coerceTypes: false });
// strictNumbers is off: `Infinity` in a query is refused by the limits of its number instead.
const ofText = schemaCompiler({ coerceTypes: 'array', useDefaults: true, strictNumbers: false });

/**
 * Compiles the schemas of requests. Values of JSON have types; values of a query string are
 * converted.
 *
 * Fields of a body that its schema does not name are removed: they are not checked, and code that
 * several routes share might know them from another route.
 */
export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body';
  const check = (isBody ? ofBody : ofText)(schema as object);
  const numbers = isBody ? [] : wholeNumbersIn(schema as object);
  return (data) => {
    const unread = unreadNumbers(numbers, data as Readonly<Record<string, unknown>>);
    const errors = unread.length > 0 ? unread : check(data);
    if (errors.length > 0) return { error: errors as FastifySchemaValidationError[] };
    if (!isBody) return true;
    const body = hasExactNumbers(data) ? withTypedNumbers(data, schema as object) : data;
    return { value: namedFields(schema as object, body) };
  };
};

/**
 * A body with only the fields that its schema names. A schema that names none (a list, or any
 * object) keeps the whole body.
 */
function namedFields({ properties }: FieldsSchema, body: unknown): unknown {
  if (!properties) return body;
  const fields = Object.entries(body as object);
  return Object.fromEntries(fields.filter(([name]) => Object.hasOwn(properties, name)));
}

function wholeNumbersIn({ properties = {} }: FieldsSchema): readonly string[] {
  return Object.keys(properties).filter((name) => properties[name]?.type === 'integer');
}

interface FieldsSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

/**
 * Faults for integers that are not written in digits. The conversion would accept a space as 0 and
 * `0x10` as 16.
 */
function unreadNumbers(
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
): SchemaErrors {
  return names
    .filter((name) => typeof values[name] === 'string' && !/^-?\d+$/.test(values[name]))
    .map((name) => ({ instancePath: `/${name}`, keyword: 'type', params: { type: 'integer' } }));
}

const parts: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

/** The first element of a fault's `loc`, for the part of the request that the framework names. */
export function locPart(context = 'body'): string {
  return parts[context] ?? context;
}
