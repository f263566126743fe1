import type { Static, TSchema } from 'typebox';
import { readJson } from '../kernel/read-json.ts';
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
    const value = readJson(text, { name: 'The text', loc: [] });
    return errorsIn(schema, value).length === 0 ? (value as Static<Schema>) : undefined;
  } catch {
    return undefined;
  }
}
