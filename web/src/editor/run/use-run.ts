import { useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import type { ChatMessage } from '../../api/types.ts';
import { cancelRun, newLogId } from '../../logs/live/run-requests.ts';
import { useStored } from '../../ui/use-stored.ts';
import type { Edited } from '../draft/use-draft.ts';
import { changeOfDefaults } from '../spec/field-changes.ts';
import { startRun } from './start-run.ts';

/** The run that stands beside what is edited. It is remembered in this browser, so a reload shows it again. */
export interface Running {
  /** Undefined: there was none yet. */
  readonly logId: string | undefined;
  readonly isStarting: boolean;
  /** Why the last one was not started. */
  readonly error: unknown;
  /** Runs what is edited, as it is now. @returns whether it was started. */
  readonly start: (
    messages: readonly ChatMessage[],
    inputs: Readonly<Record<string, unknown>>,
  ) => Promise<boolean>;
  /** The messages that the last run was given. */
  readonly given: readonly ChatMessage[];
  readonly stop: () => Promise<void>;
  /** Takes the run away, for another conversation. Its log stays. */
  readonly forget: () => void;
}

interface Remembered {
  readonly logId: string;
  readonly given: readonly ChatMessage[];
}

export function useRun({ version, base, spec, isChanged }: Edited): Running {
  const name = nameOf(version.id, version.version_id);
  const [last, setLast] = useStored<Remembered | null>(name, null);
  // Remembered before it is asked for, or a reload in between would lose it. Shown once it is there.
  const [before, setBefore] = useState<Remembered | null>();
  const [error, setError] = useState<unknown>();
  const starting = useRef<Promise<void>>(undefined);
  const isStarting = before !== undefined;
  const shown = isStarting ? before : last;
  return {
    logId: shown?.logId,
    given: shown?.given ?? [],
    isStarting,
    error,
    start: async (messages, inputs) => {
      const logId = newLogId('run');
      // A draft that only writes a default out is the stored version, which would send it from then on.
      const isStored = !isChanged || changeOfDefaults(base, spec) !== undefined;
      const versionId = isStored ? version.version_id : undefined;
      setBefore(last);
      setLast({ logId, given: messages });
      setError(undefined);
      try {
        starting.current = startRun(logId, {
          fileId: version.id,
          spec,
          versionId,
          inputs,
          messages,
        });
        await starting.current;
        return true;
      } catch (caught) {
        // Where no answer came, the run may be there.
        if (caught instanceof ApiError) setLast(last);
        setError(caught);
        return false;
      } finally {
        setBefore(undefined);
      }
    },
    stop: async () => {
      // The server cannot stop a run that it does not know yet.
      await starting.current?.catch(() => undefined);
      if (last) await cancelRun(last.logId);
    },
    forget: () => {
      setError(undefined);
      setLast(null);
    },
  };
}

/** Shows the run beside another version from now on: the draft that it ran has become that version. */
export function carryRun(fileId: string, from: string, to: string): void {
  const kept = localStorage.getItem(`loopwright.${nameOf(fileId, from)}`);
  if (kept !== null) localStorage.setItem(`loopwright.${nameOf(fileId, to)}`, kept);
}

function nameOf(fileId: string, versionId: string): string {
  return `run.${fileId}.${versionId}`;
}
