import { isRecord } from '../kernel/json-object.ts';

/** The fields of an object that are neither null nor undefined: in a spec, `null` means absent. */
export function presentFields(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** The same for every object in a value. Not for objects with fields of the user's own. */
export function presentFieldsBelow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(presentFieldsBelow);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(presentFields(value)).map(([key, member]) => [key, presentFieldsBelow(member)]),
  );
}
