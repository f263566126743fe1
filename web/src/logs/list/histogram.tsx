import { type PointerEvent, useRef, useState } from 'react';
import { counted } from '../../format/format.ts';
import { moment } from '../../format/time.ts';
import type { LogStats } from './list-queries.ts';
import type { ChangeSearch } from './list-search.ts';

/** How the logs are spread over time, with the errors among them. Drag over it to narrow the time. */
export function Histogram({
  stats,
  onChange,
}: {
  readonly stats: LogStats;
  readonly onChange: ChangeSearch;
}) {
  const [drag, setDrag] = useState<readonly [number, number]>();
  const box = useRef<HTMLDivElement>(null);
  const { from, until, bucket_seconds: seconds, buckets } = stats;
  if (from === null || until === null || seconds === null) return null;
  const first = Math.floor(Date.parse(from) / 1_000 / seconds) * seconds * 1_000;
  const slots = Math.max(1, Math.ceil((Date.parse(until) - first + 1) / 1_000 / seconds));
  const most = Math.max(...buckets.map(({ count }) => count));
  const at = ({ clientX }: PointerEvent) => {
    const { left, width } = box.current?.getBoundingClientRect() ?? new DOMRect();
    return Math.min(1, Math.max(0, (clientX - left) / width));
  };
  const timeAt = (share: number) => new Date(first + share * slots * seconds * 1_000).toISOString();
  const finish = () => {
    setDrag(undefined);
    if (!drag || Math.abs(drag[1] - drag[0]) < 0.01) return;
    const [start, end] = [timeAt(Math.min(...drag)), timeAt(Math.max(...drag))];
    onChange({ start_date: start, end_date: end, last: undefined });
  };
  return (
    <div
      ref={box}
      role="img"
      aria-label={`${counted(stats.total, 'log')} from ${moment(from)} to ${moment(until)}, ${counted(stats.errors, 'error')}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([at(event), at(event)]);
      }}
      onPointerMove={(event) => drag && setDrag([drag[0], at(event)])}
      onPointerUp={finish}
      className="relative mx-3 h-12 shrink-0 cursor-crosshair touch-none pt-2 select-none max-md:hidden"
    >
      {buckets.map((bucket) => {
        const place = (Date.parse(bucket.from) - first) / 1_000 / seconds;
        const height = 8 + (bucket.count / most) * 92;
        return (
          <div
            key={bucket.from}
            title={`${moment(bucket.from)}: ${counted(bucket.count, 'log')}, ${counted(bucket.errors, 'error')}`}
            className="absolute bottom-0 flex max-w-10 flex-col gap-px pr-0.5"
            style={{
              left: `${(place / slots) * 100}%`,
              width: `${100 / slots}%`,
              height: `${height * 0.82}%`,
            }}
          >
            <i
              className="shrink-0 rounded-[1px] bg-err"
              style={{
                height:
                  bucket.errors > 0 ? `max(2px, ${(bucket.errors / bucket.count) * 100}%)` : 0,
              }}
            />
            <i className="min-h-0 flex-1 rounded-[1px] bg-line-strong" />
          </div>
        );
      })}
      {drag && (
        <i
          className="absolute inset-y-0 rounded-sm bg-accent/20"
          style={{
            left: `${Math.min(...drag) * 100}%`,
            width: `${Math.abs(drag[1] - drag[0]) * 100}%`,
          }}
        />
      )}
    </div>
  );
}
