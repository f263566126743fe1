import { schemaCompiler } from '../kernel/schema-check.ts';
import type { SchemaErrors } from '../kernel/schema-faults.ts';

const compile = schemaCompiler();

export function errorsIn(schema: object, value: unknown): SchemaErrors {
  return compile(schema)(value);
}
