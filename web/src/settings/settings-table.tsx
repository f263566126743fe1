import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';

/** A list of the settings as a table: while it is loaded, when that fails, and when it is empty. */
export function SettingsTable<Row>({
  label,
  query,
  rows,
  columns,
  keyOf,
  rowProps,
  empty,
}: {
  readonly label: string;
  readonly query: Pick<UseQueryResult, 'isPending' | 'error' | 'refetch'>;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly rowProps?: (row: Row) => ComponentProps<'tr'>;
  /** What is said when there is none. */
  readonly empty: string;
}) {
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows rows={3} />;
  if (rows.length === 0) return <p className="text-fg-3">{empty}</p>;
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      className="rounded-lg border border-line"
      {...(rowProps && { rowProps })}
    />
  );
}
