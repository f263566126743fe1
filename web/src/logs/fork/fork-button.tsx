import { useQuery } from '@tanstack/react-query';
import { GitFork } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { LogResponse } from '../../api/types.ts';
import { sessionQuery } from '../../session/session.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Loaded with the first fork. */
const ForkDialog = lazy(async () => ({ default: (await import('./fork-dialog.tsx')).ForkDialog }));

/** Runs the agent again from a turn, with something changed. Nothing for logs that cannot be forked. */
export function ForkButton({
  log,
  turn,
  label = `Fork from turn ${turn}`,
  className,
}: {
  readonly log: LogResponse;
  readonly turn: number;
  /** What the button says. */
  readonly label?: string;
  readonly className?: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const mayRun = useQuery(sessionQuery).data?.caller.scopes.includes('run') ?? false;
  const turns = turnsOf(log);
  if (!mayRun || turns === 0) return null;
  return (
    <>
      <IconButton label={label} className={className} onClick={() => setOpen(true)}>
        <GitFork className="size-3.5" />
      </IconButton>
      {isOpen && (
        <Suspense>
          <ForkDialog {...{ log, turn, turns }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** How many turns an agent's log has; none when its payloads are not stored. */
export function turnsOf(log: LogResponse): number {
  const { agent, turns = [] } = log as unknown as {
    readonly agent?: object;
    readonly turns?: readonly unknown[];
  };
  return agent && log.messages.length > 0 ? turns.length : 0;
}
