import { useCallback, useEffect, useState } from 'react';
import type { ChatMessage, FileResponse } from '../../api/types.ts';
import type { LogView } from '../../logs/live/log-view.ts';
import { fileOf } from '../../logs/page/log-file.ts';
import { type Edited, useDraft } from '../draft/use-draft.ts';
import { type Faults, faultsOf, noFaults } from '../form/faults.ts';
import { type Running, useRun } from '../run/use-run.ts';

/** A version that is edited, with the run beside it. Two of them stand side by side to be compared. */
export interface Column {
  readonly edited: Edited;
  readonly run: Running;
  /** The run as it is now, but for words that still come; undefined before it is loaded. */
  readonly view: LogView | undefined;
  readonly onView: (view: LogView | undefined) => void;
  readonly isRunning: boolean;
  readonly isWaiting: boolean;
  readonly faults: Faults;
  readonly setFaults: (faults: Faults) => void;
  /** Runs it: with one more message, or without one as it was run before. @returns whether it was started. */
  readonly start: (text: string, inputs: Readonly<Record<string, unknown>>) => Promise<boolean>;
}

export function useColumn(version: FileResponse): Column {
  const edited = useDraft(version);
  const run = useRun(edited);
  const [shown, setShown] = useState<LogView>();
  const [faults, setFaults] = useState(noFaults);
  const view = shown?.log.id === run.logId ? shown : undefined;
  const { spec, isChanged, noteRun } = edited;
  const ranVersion = view && fileOf(view.log).file.version_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is changed may be right now
  useEffect(() => setFaults(noFaults), [spec]);
  useEffect(() => setFaults(faultsOf(run.error)), [run.error]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `noteRun` is new each time
  useEffect(() => {
    if (ranVersion && isChanged && ranVersion !== version.version_id) noteRun(ranVersion);
  }, [ranVersion, isChanged]);
  return {
    edited,
    run,
    view,
    onView: useCallback(
      (next: LogView | undefined) => setShown((before) => (isAlike(before, next) ? before : next)),
      [],
    ),
    isRunning: run.isStarting || (run.logId !== undefined && (!view || view.state === 'running')),
    isWaiting: view?.state === 'suspended' || view?.state === 'interrupted',
    faults,
    setFaults,
    start: (text, inputs) => run.start(messagesFor(text, view, run.given), inputs),
  };
}

/** What the next run is given: the conversation so far, and what was written. */
function messagesFor(
  text: string,
  view: LogView | undefined,
  given: readonly ChatMessage[],
): readonly ChatMessage[] {
  if (text.trim() === '') return given;
  const before = view && !view.log.error ? view.messages : given;
  return [...before, { role: 'user', content: text }];
}

/** Whether two views of a run differ at most in the words that come: these concern only who shows them. */
function isAlike(a: LogView | undefined, b: LogView | undefined): boolean {
  return a?.log === b?.log && a?.state === b?.state && a?.messages === b?.messages;
}
