import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { schemaCompiler } from '../kernel/schema-check.ts';

/** Compiles the schemas of requests. JSON says what type a value has; a query string does not. */
export function validatorCompiler(): FastifySchemaCompiler<unknown> {
  const ofBody = schemaCompiler({ coerceTypes: false });
  // Numbers need not be strict: what a text says of infinity is held against the limits, too.
  const ofText = schemaCompiler({ coerceTypes: 'array', useDefaults: true, strictNumbers: false });
  return ({ schema, httpPart }) => {
    const check = (httpPart === 'body' ? ofBody : ofText)(schema as object);
    return (data) => {
      const errors = check(data);
      return errors.length === 0 || { error: errors as FastifySchemaValidationError[] };
    };
  };
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
