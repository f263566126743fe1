import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { schemaCompiler } from '../kernel/schema-check.ts';
import type { SchemaErrors } from '../kernel/schema-faults.ts';

/** Compiles the schemas of requests. JSON says what type a value has; a query string does not. */
export function validatorCompiler(): FastifySchemaCompiler<unknown> {
  const ofBody = schemaCompiler({ coerceTypes: false });
  // Numbers need not be strict: what a text says of infinity is held against the limits, too.
  const ofText = schemaCompiler({ coerceTypes: 'array', useDefaults: true, strictNumbers: false });
  return ({ schema, httpPart }) => {
    const isBody = httpPart === 'body';
    const check = (isBody ? ofBody : ofText)(schema as object);
    const numbers = isBody ? [] : wholeNumbersIn(schema as object);
    return (data) => {
      const unread = unreadNumbers(numbers, data as Readonly<Record<string, unknown>>);
      const errors = unread.length > 0 ? unread : check(data);
      return errors.length === 0 || { error: errors as FastifySchemaValidationError[] };
    };
  };
}

function wholeNumbersIn({ properties = {} }: ParameterSchema): readonly string[] {
  return Object.keys(properties).filter((name) => properties[name]?.type === 'integer');
}

interface ParameterSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

/**
 * Complaints of whole numbers that are not written in digits. The conversion of texts would take
 * them for numbers all the same: a space for 0, `0x10` for 16.
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

/** What the place of a fault begins with, by what the server framework calls a part of a request. */
export function partOf(context = 'body'): string {
  return parts[context] ?? context;
}
