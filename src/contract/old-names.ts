import { type Static, type TOptional, type TSchema, type TUnsafe, Type } from 'typebox';
import { optional } from './nullable.ts';

/**
 * What older clients call a field, and what it is called now. Requests may use either name; answers
 * have both.
 */
export const oldNames: Readonly<Record<string, string>> = {
  // Python SDK 0.8.0 to 0.8.23.
  trace_status: 'log_status',
  commit_message: 'version_description',
};

/** A field of a request by its old name, in the document marked as deprecated. */
export function oldName<S extends TSchema>(
  name: string,
  schema: S,
): TOptional<TUnsafe<Static<S> | null>> {
  return Type.Optional(Type.Unsafe<Static<S> | null>({ ...optional(schema), ...deprecated(name) }));
}

/** What the document says of a field by its old name. */
export function deprecated(name: string) {
  return {
    deprecated: true,
    description: `The name of \`${oldNames[name]}\` for the Python SDK up to 0.8.23.`,
  };
}
