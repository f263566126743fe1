import { useQueries } from '@tanstack/react-query';
import type { FileResponse } from '../../api/types.ts';
import { counted } from '../../format/format.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { columnsOf, keyOf, labelOf, textIn } from './columns.ts';
import { contentOf, type Datapoint } from './content.ts';
import { datapointsQuery } from './dataset-queries.ts';
import { PlusMinus } from './plus-minus.tsx';

/** More rows than these are counted, and not shown. */
const mostShown = 200;

/** Which rows one version of a dataset has and another has not. */
export function DatapointsDiff({
  before,
  after,
}: {
  readonly before: FileResponse | undefined;
  readonly after: FileResponse;
}) {
  const [old, next] = useQueries({
    queries: [
      {
        ...datapointsQuery(after.id, before?.version_id ?? after.version_id),
        enabled: before !== undefined,
      },
      datapointsQuery(after.id, after.version_id),
    ],
  });
  const error = old.error ?? next.error;
  if (error) return <Failure error={error} onRetry={() => void next.refetch()} />;
  if (!next.data || (before && !old.data)) return <SkeletonRows rows={6} />;
  const added = without(next.data, before ? (old.data ?? []) : []);
  const removed = before ? without(old.data ?? [], next.data) : [];
  if (added.length + removed.length === 0) {
    return <p className="text-fg-3">The rows are the same.</p>;
  }
  return (
    <div className="grid min-w-0 gap-5">
      <p className="flex items-center gap-2">
        <PlusMinus plus={added.length} minus={removed.length} />
        <span className="text-fg-2">{counted(next.data.length, 'row')} now</span>
      </p>
      <Rows title="Added" datapoints={added} />
      <Rows title="Removed" datapoints={removed} />
    </div>
  );
}

function Rows({
  title,
  datapoints,
}: {
  readonly title: string;
  readonly datapoints: readonly Datapoint[];
}) {
  if (datapoints.length === 0) return null;
  const shown = datapoints.slice(0, mostShown);
  const columns = columnsOf(shown.map(contentOf));
  return (
    <section className="grid min-w-0 gap-2">
      <h3 className="font-medium">{title}</h3>
      <DataTable
        label={`${title} rows`}
        className="max-h-96 rounded-lg border border-line"
        rows={shown}
        keyOf={({ id }) => id}
        columns={columns.map((column) => ({
          name: labelOf(column),
          cell: (datapoint: Datapoint) => (
            <span key={keyOf(column)} className="block max-w-72 truncate">
              {textIn(contentOf(datapoint), column)}
            </span>
          ),
        }))}
      />
      {shown.length < datapoints.length && (
        <p className="text-xs text-fg-3">
          And {counted(datapoints.length - shown.length, 'more row')}.
        </p>
      )}
    </section>
  );
}

/** Equal datapoints have the same id in all versions. */
function without(
  datapoints: readonly Datapoint[],
  others: readonly Datapoint[],
): readonly Datapoint[] {
  const ids = new Set(others.map(({ id }) => id));
  return datapoints.filter(({ id }) => !ids.has(id));
}
