import { useQueries } from '@tanstack/react-query';
import type { FileResponse } from '../api/types.ts';
import { TextDiff } from '../diff/text-diff.tsx';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { versionTextQuery } from './version-queries.ts';

/** The difference between the text files of two versions. */
export function FileTextDiff({
  before,
  after,
}: {
  readonly before: FileResponse | undefined;
  readonly after: FileResponse;
}) {
  const [old, next] = useQueries({
    queries: [
      { ...versionTextQuery(before ?? after), enabled: before !== undefined },
      versionTextQuery(after),
    ],
  });
  const error = old.error ?? next.error;
  if (error) return <Failure error={error} onRetry={() => void next.refetch()} />;
  if (next.data === undefined || (before && old.data === undefined))
    return <SkeletonRows rows={8} />;
  const oldText = before ? (old.data ?? '') : '';
  return (
    <div className="grid gap-2">
      {oldText === next.data && <p className="text-fg-3">Nothing is different.</p>}
      <pre className="font-mono text-xs leading-5 break-words whitespace-pre-wrap">
        <TextDiff before={oldText} after={next.data} />
      </pre>
    </div>
  );
}
