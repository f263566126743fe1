import type { Static, TSchema } from 'typebox';
import { readJson } from '../kernel/read-json.ts';
import { errorsIn } from './schema-errors.ts';

/** A payload has many such texts, and its own limit counts each as one value. */
const mostValues = 50_000;

/**
 * The value of a JSON text when it fits a schema; undefined otherwise: a text may have been cut off
 * on its way. Also undefined for a value that could not be stored, because the check of the
 * request's body did not look inside its texts.
 */
export function parsedJson<Schema extends TSchema>(
  text: string,
  schema: Schema,
): Static<Schema> | undefined {
  try {
    const value = readJson(text, { name: 'The text', loc: [], most: { values: mostValues } });
    return errorsIn(schema, value).length === 0 ? (value as Static<Schema>) : undefined;
  } catch {
    return undefined;
  }
}
