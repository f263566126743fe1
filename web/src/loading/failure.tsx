import { CircleAlert } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';
import { Button } from '../ui/button.tsx';

/** What failed, in the place where it failed, with a way to try it again. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div
      role="alert"
      className="flex items-start gap-2.5 rounded-lg bg-err-soft px-3 py-2.5 text-err"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="break-words whitespace-pre-line">{sentence(error)}</p>
        {requestId && <p className="mt-0.5 font-mono text-2xs">{requestId}</p>}
      </div>
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          Retry
        </Button>
      )}
    </div>
  );
}

function sentence(error: unknown): string {
  if (error instanceof TypeError) return 'The server does not answer.';
  return error instanceof Error ? error.message : String(error);
}
