import { count, dollars, duration, percent } from '../../format/format.ts';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { Kbd } from '../../ui/kbd.tsx';
import type { LogStats } from './list-queries.ts';

/** The keys of the table, and the numbers of what is filtered. */
export function ListFoot({ stats }: { readonly stats: LogStats | undefined }) {
  return (
    <footer className="flex h-8 shrink-0 items-center gap-3 overflow-hidden border-t border-line px-3 text-2xs whitespace-nowrap text-fg-3">
      <span className="flex gap-3 max-lg:hidden">
        <span>
          <Kbd>J</Kbd> <Kbd>K</Kbd> move
        </span>
        <span>
          <Kbd>{keysOf('open')}</Kbd> open
        </span>
        <span>
          <Kbd>{keysOf('peek')}</Kbd> peek
        </span>
        <span>
          <Kbd>{keysOf('choose')}</Kbd> choose
        </span>
        <span>Right-click a cell to filter by it</span>
      </span>
      {stats && <span className="num ml-auto truncate">{numbersOf(stats)}</span>}
    </footer>
  );
}

function numbersOf({
  total,
  errors,
  latency: { p50, p95 },
  cost,
  logs_without_cost: free,
}: LogStats): string {
  const seconds = (name: string, value: number | null) =>
    value === null ? [] : [`${name} ${duration(value * 1_000)}`];
  return [
    `${count(total)} logs`,
    ...seconds('p50', p50),
    ...seconds('p95', p95),
    `error rate ${percent(total === 0 ? 0 : errors / total)}`,
    ...(cost !== null && free < total ? [dollars(cost)] : []),
  ].join(', ');
}
