import type { Static, TSchema } from 'typebox';
import { errorsIn } from './schema-errors.ts';

/**
 * What a text says in JSON, if it fits a schema; a text can have been cut off on its way.
 *
 * A value that could not be stored as it is, is none: the body of the request was looked at, but not
 * what its texts say in turn.
 */
export function parsedJson<Schema extends TSchema>(
  text: string,
  schema: Schema,
): Static<Schema> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isFitting = isStorable(value) && errorsIn(schema, value).length === 0;
    return isFitting ? (value as Static<Schema>) : undefined;
  } catch {
    return undefined;
  }
}

/** Like that of a body. */
const deepestNesting = 100;

function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth < deepestNesting &&
    Object.entries(value).every(
      ([name, member]) => name !== '__proto__' && isStorable(name) && isStorable(member, depth + 1),
    )
  );
}
