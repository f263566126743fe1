import { CornerDownLeft, Square } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { TextArea } from '../../ui/text-area.tsx';

/** Where one writes to the agent, runs it and stops it. */
export function Composer({
  text,
  onText,
  name,
  isRunning,
  isWaiting,
  isStarting,
  hasRun,
  onRun,
  onStop,
  children,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Whom one writes to: `the agent`. */
  readonly name: string;
  readonly isRunning: boolean;
  /** It waits for a result, which is given in the conversation. */
  readonly isWaiting: boolean;
  readonly isStarting: boolean;
  readonly hasRun: boolean;
  readonly onRun: () => void;
  readonly onStop: () => void;
  /** What else is done there, before the field. */
  readonly children: ReactNode;
}) {
  const action = text.trim() === '' ? (hasRun ? 'Run again' : 'Run') : hasRun ? 'Send' : 'Run';
  return (
    <div className="shrink-0 border-t border-line p-3">
      <div className="flex items-end gap-2">
        {children}
        <TextArea
          aria-label={`Message to ${name}`}
          placeholder={isWaiting ? 'Answer the call above first' : `Message ${name}`}
          rows={1}
          className="max-h-40 min-h-7 flex-1"
          value={text}
          onChange={({ target }) => onText(target.value)}
        />
        {isRunning || isWaiting ? (
          <Button onClick={once(onStop)} title={keysOf('stopRun')}>
            <Square aria-hidden className="size-3" />
            Stop
          </Button>
        ) : (
          <Button look="primary" disabled={isStarting} onClick={once(onRun)}>
            {action}
            <Kbd>{keysOf('run')}</Kbd>
            <CornerDownLeft aria-hidden className="hidden size-3 coarse:block" />
          </Button>
        )}
      </div>
    </div>
  );
}

/**
 * Not for the second click of a double click: Run and Stop take each other's place, and a toast may have
 * gone from before them.
 */
function once(act: () => void) {
  return ({ detail }: MouseEvent) => {
    if (detail < 2) act();
  };
}
