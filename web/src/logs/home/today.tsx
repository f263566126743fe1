import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count, dollars, duration } from '../../format/format.ts';
import { Failure } from '../../loading/failure.tsx';
import { logStats } from '../list/list-queries.ts';

/** What happened since midnight, in numbers; each leads to its logs. */
export function Today() {
  const start_date = midnight();
  const runs = useQuery({ ...logStats({ start_date }, undefined), refetchInterval: 15_000 });
  // Logs below others cost, too.
  const spent = useQuery({
    ...logStats({ start_date, nested: true }, undefined),
    refetchInterval: 15_000,
  });
  if (runs.isError) return <Failure error={runs.error} onRetry={() => void runs.refetch()} />;
  const { total = 0, errors = 0, latency } = runs.data ?? {};
  const p95 = latency?.p95 ?? null;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-4">
      <Fact name="Logs">
        <Link to="/logs" search={{ start_date }} className="hover:underline">
          {count(total)}
        </Link>
      </Fact>
      <Fact name="Errors">
        <Link
          to="/logs"
          search={{ start_date, status: ['error'] }}
          className={errors > 0 ? 'text-err hover:underline' : 'hover:underline'}
        >
          {count(errors)}
        </Link>
      </Fact>
      <Fact name="Spend">{dollars(spent.data?.cost ?? 0)}</Fact>
      <Fact name="Latency, p95">{p95 === null ? '–' : duration(p95 * 1_000)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="bg-panel px-3 py-2">
      <dt className="text-2xs font-medium text-fg-3">{name}</dt>
      <dd className="num text-xl font-medium">{children}</dd>
    </div>
  );
}

/** When today began, for the reader. */
function midnight(): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}
