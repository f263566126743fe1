import { isDeepStrictEqual } from 'node:util';
import { oldNames } from '../contract/old-names.ts';
import { invalid } from '../kernel/errors.ts';

/**
 * A body that was checked, with the names of today for its fields: whatever reads it does not know
 * the old ones. A field stays as it is where the schema knows no other name for it.
 *
 * @throws `invalid` when a field is given by both of its names, with different values.
 */
export function withTodaysNames(body: unknown, schema: unknown): unknown {
  const { properties = {} } = (schema ?? {}) as { readonly properties?: object };
  const old = Object.keys(oldNames).filter(
    (name) => hasMember(body, name) && hasMember(properties, oldNames[name] as string),
  );
  if (old.length === 0) return body;
  const fields: Record<string, unknown> = { ...(body as object) };
  for (const name of old) {
    const today = oldNames[name] as string;
    const { [name]: value, [today]: beside = null } = fields;
    delete fields[name];
    if (value === null || value === undefined) continue;
    if (beside !== null && !isDeepStrictEqual(value, beside)) {
      throw invalid(
        ['body', name],
        `This is the old name of \`${today}\`, which is given too and says something else.`,
      );
    }
    fields[today] = value;
  }
  return fields;
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}
