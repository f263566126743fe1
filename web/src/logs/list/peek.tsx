import { ExternalLink, X } from 'lucide-react';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { PlainLog } from '../conversation/plain-log.tsx';
import { useLogView } from '../live/use-log-view.ts';
import { fileOf } from '../page/log-file.ts';
import { statusOf } from '../page/log-status.ts';
import { StatusPill } from '../status-pill.tsx';

/** A log beside the list, to be looked at while one goes on through the rows. */
export function Peek({
  logId,
  onClose,
  onOpen,
}: {
  readonly logId: string;
  readonly onClose: () => void;
  readonly onOpen: () => void;
}) {
  const { view, error, store } = useLogView(logId);
  useShortcuts({ close: onClose });
  return (
    <aside
      aria-label={`Log ${logId}`}
      className="fixed inset-y-0 right-0 z-30 flex w-[min(34rem,100vw)] flex-col border-l border-line bg-bg shadow-pop"
    >
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="min-w-0 truncate font-medium">
          {view ? fileOf(view.log).file.name : logId}
        </h2>
        {view && <StatusPill status={statusOf(view)} />}
        <span className="flex-1" />
        <Button onClick={onOpen}>
          <ExternalLink aria-hidden className="size-3.5" />
          Open
        </Button>
        <IconButton label="Close" shortcut={keysOf('close')} onClick={onClose}>
          <X className="size-4" />
        </IconButton>
      </div>
      {!view && error === undefined && <SkeletonRows rows={6} />}
      {error !== undefined && (
        <div className="p-4">
          <Failure error={error} />
        </div>
      )}
      {view &&
        (view.messages.length > 0 || view.saying ? (
          <Conversation
            view={view}
            name={fileOf(view.log).file.name}
            selected={undefined}
            onSelect={() => undefined}
            onAnswered={() => store.refresh()}
          />
        ) : (
          <PlainLog log={view.log} />
        ))}
    </aside>
  );
}
