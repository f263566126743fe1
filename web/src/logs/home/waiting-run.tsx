import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import type { LogRow } from '../list/list-queries.ts';
import { useLogView } from '../live/use-log-view.ts';

/** The conversation of a run, at its end: what waits there is answered, and what comes then is seen. */
export function WaitingRun({ row }: { readonly row: LogRow }) {
  const { view, error, store } = useLogView(row.id);
  if (error !== undefined) {
    return (
      <div className="p-3">
        <Failure error={error} />
      </div>
    );
  }
  if (!view) return <SkeletonRows rows={4} />;
  return (
    <div className="flex max-h-[70vh] min-h-0 border-t border-line bg-bg">
      <Conversation
        view={view}
        name={row.name}
        selected={undefined}
        onSelect={() => undefined}
        onAnswered={() => store.refresh()}
      />
    </div>
  );
}
