/**
 * The named fields of a row that are not null. Columns that an INSERT leaves out become null
 * anyway.
 */
export function withoutNulls<Row extends object, Name extends keyof Row>(
  row: Row,
  names: readonly Name[],
): Partial<Pick<Row, Name>> {
  const fields: Partial<Pick<Row, Name>> = {};
  for (const name of names) if (row[name] !== null) fields[name] = row[name];
  return fields;
}
