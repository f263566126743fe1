import { type Static, type TOptional, type TSchema, type TUnsafe, Type } from 'typebox';
import { optional } from './nullable.ts';

/**
 * Fields that older clients know by another name: the old name, and the name of today. Requests may
 * use either name. Answers have both.
 */
export const oldNames: Readonly<Record<string, string>> = {
  // For the Python SDK 0.8.0 to 0.8.23.
  trace_status: 'log_status',
  commit_message: 'version_description',
};

/** A field of a request under its old name, marked as deprecated in the OpenAPI document. */
export function oldName<S extends TSchema>(
  name: string,
  schema: S,
): TOptional<TUnsafe<Static<S> | null>> {
  return Type.Optional(Type.Unsafe<Static<S> | null>({ ...optional(schema), ...deprecated(name) }));
}

/** The keywords of a field under its old name. */
export function deprecated(name: string) {
  return {
    deprecated: true,
    description: `The old name of \`${oldNames[name]}\`, for the Python SDK up to 0.8.23.`,
  };
}
