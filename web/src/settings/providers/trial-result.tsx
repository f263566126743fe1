import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ProviderTrial } from '../../api/types.ts';
import { duration } from '../../format/format.ts';

/** How a trial call went. */
export function TrialResult({ trial }: { readonly trial: ProviderTrial }) {
  const { ok, model, error, latency_ms: ms } = trial;
  return (
    <div
      role="status"
      className={`flex items-start gap-2.5 rounded-lg px-3 py-2.5 ${ok ? 'bg-ok-soft text-ok' : 'bg-err-soft text-err'}`}
    >
      {ok ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      ) : (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      )}
      <div className="min-w-0 flex-1">
        <p className="break-words">{ok ? 'It works.' : error}</p>
        <p className="mt-0.5 text-xs">
          <code className="font-mono">{model}</code> {ok ? 'answered' : 'refused'} in{' '}
          <span className="num">{duration(ms)}</span>
        </p>
      </div>
    </div>
  );
}
