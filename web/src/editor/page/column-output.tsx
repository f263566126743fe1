import { lazy, Suspense } from 'react';
import { TextDiff } from '../../diff/text-diff.tsx';
import { Failure } from '../../loading/failure.tsx';
import { textOf } from '../../logs/conversation/blocks.ts';
import type { LogView } from '../../logs/live/log-view.ts';
import { faultsOf } from '../form/faults.ts';
import type { EditorParts } from './editor-parts.ts';
import type { Column } from './use-column.ts';

/** Loaded with the first run. */
const RunView = lazy(async () => ({ default: (await import('../run/run-view.tsx')).RunView }));

/** What came of the run of a column. */
export function ColumnOutput({
  column,
  columns,
  run,
  showsDifferences,
}: EditorParts & { readonly column: Column }) {
  const { edited, onView, run: running } = column;
  const [first, second] = columns;
  if (showsDifferences && first.view && second?.view) {
    const side = column === first ? 'before' : 'after';
    return <Differences before={answerOf(first.view)} after={answerOf(second.view)} side={side} />;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {running.error !== undefined && !isAtInputs(running.error) && (
        <div className="shrink-0 p-4">
          <Failure error={running.error} onRetry={run} />
        </div>
      )}
      {running.logId === undefined ? (
        <Nothing />
      ) : (
        <Suspense>
          <RunView
            key={running.logId}
            logId={running.logId}
            baseId={edited.version.version_id}
            onView={onView}
            onGone={running.forget}
            onRetry={run}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Whether why it was not started is said at the inputs, and nowhere else. */
function isAtInputs(error: unknown): boolean {
  const places = [...faultsOf(error).keys()];
  return places.length > 0 && places.every((place) => place.startsWith('inputs.'));
}

function Nothing() {
  return (
    <div className="grid min-h-0 flex-1 place-content-center gap-1 p-4 text-center text-fg-3">
      <p>Write a message and run it. The conversation comes here.</p>
      <p className="text-xs">
        Each run is a log. A run of a draft changes nothing that is deployed.
      </p>
    </div>
  );
}

/** The last answer, with the words that the other one has in other ways. */
function Differences({
  before,
  after,
  side,
}: {
  readonly before: string;
  readonly after: string;
  readonly side: 'before' | 'after';
}) {
  return (
    <div
      role="group"
      aria-label="What differs in the answer"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-4 py-3 -outline-offset-2"
    >
      <p className="mx-auto max-w-170 text-base break-words whitespace-pre-wrap">
        {before === after ? (
          <span className="text-fg-3">Both answers are the same.</span>
        ) : (
          <TextDiff before={before} after={after} side={side} />
        )}
      </p>
    </div>
  );
}

function answerOf({ messages }: LogView): string {
  const last = messages.findLast(({ role }) => role === 'assistant');
  return last ? textOf(last) : '';
}
