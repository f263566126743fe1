/** The fields of an object that say something: in a spec, `null` is the same as leaving a field out. */
export function presentFields(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** The same of every object in a value. Not for values with fields of the user's own. */
export function presentFieldsBelow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(presentFieldsBelow);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(presentFields(value)).map(([key, member]) => [key, presentFieldsBelow(member)]),
  );
}
