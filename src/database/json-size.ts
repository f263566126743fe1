import { type RawBuilder, sql } from 'kysely';

/**
 * The SQL for how many bytes of JSON or text some columns of a row have at the most.
 *
 * Payloads are neither read nor decompressed: of a compressed one it takes the most that its
 * compression can stand for. `pglz` writes 273 equal bytes as 3, LZ4 255 as 1.
 */
export function mostBytes(alias: string, columns: readonly string[]): RawBuilder<number> {
  const each = columns.map((name) => {
    const column = sql.ref(`${alias}.${name}`);
    return sql`coalesce(pg_column_size(${column})::bigint * CASE pg_column_compression(${column})
      WHEN 'pglz' THEN 91 WHEN 'lz4' THEN 255 ELSE 1 END, 0)`;
  });
  return sql`(${sql.join(each, sql` + `)})`;
}

/** The SQL for how many bytes of JSON or text some columns of a row have. It reads them. */
export function exactSize(alias: string, columns: readonly string[]): RawBuilder<number> {
  const each = columns.map(
    (name) => sql`coalesce(octet_length(${sql.ref(`${alias}.${name}`)}::text), 0)::bigint`,
  );
  return sql`(${sql.join(each, sql` + `)})`;
}
