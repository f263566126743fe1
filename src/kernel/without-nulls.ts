/** The fields of a row that are not null, of those named: what is null need not be said to Postgres. */
export function withoutNulls<Row extends object, Name extends keyof Row>(
  row: Row,
  names: readonly Name[],
): Partial<Pick<Row, Name>> {
  const fields: Partial<Pick<Row, Name>> = {};
  for (const name of names) if (row[name] !== null) fields[name] = row[name];
  return fields;
}
