import { useQuery } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { sessionQuery } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { LogView } from '../live/log-view.ts';
import { cancelRun } from '../live/run-requests.ts';

/** Loaded with the first question. */
const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** Ends a run that goes on, at once; one that waits, after a question. */
export function StopButton({
  view: { state, log },
  onStopped,
}: {
  readonly view: LogView;
  /** Called when the log is to be read again. */
  readonly onStopped: () => Promise<void>;
}) {
  const [isAsking, setAsking] = useState(false);
  const mayRun = useQuery(sessionQuery).data?.caller.scopes.includes('run') ?? false;
  const stop = async () => {
    await cancelRun(log.id);
    await onStopped();
  };
  const stopNow = () =>
    void stop().catch((error: Error) =>
      toast(`The run was not stopped: ${error.message}`, { look: 'alarm' }),
    );
  const ask = () => setAsking(true);
  const press = state === 'running' ? stopNow : ask;
  const mayStop = mayRun && state !== 'ended';
  useShortcuts({ stopRun: mayStop ? press : undefined });
  if (!mayStop) return null;
  return (
    <>
      <Button onClick={press} data-tip="Stop the run" data-tip-key={keysOf('stopRun')}>
        <Square aria-hidden className="size-3 fill-current" />
        <span className="max-sm:sr-only">{state === 'running' ? 'Stop' : 'Stop…'}</span>
      </Button>
      {isAsking && (
        <Suspense>
          <ConfirmDialog
            title="Stop this run?"
            action="Stop the run"
            onConfirm={stop}
            onClose={() => setAsking(false)}
          >
            <p>It no longer waits, and cannot be continued. Its log stays.</p>
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
