import { queryOptions, useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client.ts';
import type { operations } from '../api/schema.gen.ts';
import { count, counted, percent } from '../format/format.ts';
import { calendarDay } from '../format/time.ts';
import { Sparkline } from '../ui/sparkline.tsx';

type DirectoryStats =
  operations['directories_log_stats']['responses'][200]['content']['application/json'];
type FileStats = DirectoryStats['files'][number];

function directoryStatsQuery(id: string) {
  return queryOptions({
    queryKey: ['directory-stats', id],
    queryFn: async ({ signal }) =>
      answered(
        await api.GET('/v5/directories/{id}/log-stats', { params: { path: { id } }, signal }),
      ),
  });
}

/** The logs that a file had in the last seven days. */
export interface LastWeek {
  readonly count: number;
  readonly errors: number;
  readonly slots: number;
  readonly bars: Parameters<typeof Sparkline>[0]['bars'];
  /** When the busiest slot was. */
  readonly busiest: string | undefined;
}

/** The last seven days of the files in a directory, by their ids; undefined before it is known. */
export function useLastWeek(directoryId: string): ((fileId: string) => LastWeek) | undefined {
  const { data } = useQuery(directoryStatsQuery(directoryId));
  if (!data) return undefined;
  const files = new Map(data.files.map((file) => [file.file_id, file]));
  return (fileId) => lastWeek(data, files.get(fileId));
}

function lastWeek(
  { from, until, bucket_seconds: seconds }: DirectoryStats,
  file: FileStats | undefined,
): LastWeek {
  const slotOf = (time: string) => (Date.parse(time) - Date.parse(from)) / 1_000 / seconds;
  const buckets = file?.buckets ?? [];
  return {
    count: file?.count ?? 0,
    errors: file?.errors ?? 0,
    slots: Math.ceil(slotOf(until)),
    bars: buckets.map((bucket) => ({
      slot: Math.floor(slotOf(bucket.from)),
      count: bucket.count,
      marked: bucket.errors,
    })),
    busiest: buckets.toSorted((a, b) => b.count - a.count)[0]?.from,
  };
}

/** How many logs, and when. */
export function LogsOfWeek({ week }: { readonly week: LastWeek }) {
  return (
    <span className="flex items-center justify-end gap-2.5">
      <Sparkline label={inWords(week)} slots={week.slots} bars={week.bars} />
      <span className="min-w-8 text-fg-2">{count(week.count)}</span>
    </span>
  );
}

function inWords({ count, errors, busiest }: LastWeek): string {
  if (busiest === undefined) return 'No logs in the last 7 days';
  return `${counted(count, 'log')} in the last 7 days, most of them on ${calendarDay(busiest)}; ${counted(errors, 'error')}`;
}

/** The share of the logs that failed. */
export function ErrorRate({ week: { count, errors } }: { readonly week: LastWeek }) {
  if (count === 0) return null;
  return (
    <span
      className={errors > 0 ? 'text-err' : 'text-fg-2'}
      title={`${counted(errors, 'error')} in ${counted(count, 'log')} of the last 7 days`}
    >
      {percent(errors / count)}
    </span>
  );
}
