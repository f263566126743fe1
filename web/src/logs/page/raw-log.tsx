import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { readText } from '../../api/client.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import type { LogView } from '../live/log-view.ts';
import { ValueView } from '../values/value-view.tsx';

/** The log as the API answers it: read as text, in which every number is as it was written. */
export function RawLog({ view: { log, state, messages } }: { readonly view: LogView }) {
  const raw = useQuery({
    // It is read again when something has happened.
    queryKey: ['raw-log', log.id, state, messages.length],
    queryFn: ({ signal }) =>
      readText(`/v5/logs/${encodeURIComponent(log.id)}?include_trace_children=false`, { signal }),
    placeholderData: keepPreviousData,
  });
  if (raw.isError) {
    return (
      <div className="p-4">
        <Failure error={raw.error} onRetry={() => void raw.refetch()} />
      </div>
    );
  }
  if (raw.data === undefined) return <SkeletonRows rows={12} className="flex-1" />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4 [&_pre]:max-h-none">
      <ValueView label="The log, as the API answers it" value={raw.data} />
    </div>
  );
}
