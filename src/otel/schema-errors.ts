import { type SchemaCheck, schemaCompiler } from '../kernel/schema-check.ts';
import type { SchemaErrors } from '../kernel/schema-faults.ts';

let compile: ReturnType<typeof schemaCompiler> | undefined;
const checks = new Map<object, SchemaCheck>();

/** What is wrong with a value. A schema is compiled when it is first asked for. */
export function errorsIn(schema: object, value: unknown): SchemaErrors {
  let check = checks.get(schema);
  if (!check) {
    compile ??= schemaCompiler();
    check = compile(schema);
    checks.set(schema, check);
  }
  return check(value);
}
