import { useQuery } from '@tanstack/react-query';
import { Diff, MessageSquarePlus } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { sessionQuery } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Composer } from '../run/composer.tsx';
import { inputTextsOf, lastMessageOf } from '../run/datapoint-query.ts';
import { wantedInputs } from '../run/inputs.ts';
import { InputsForm } from '../run/inputs-form.tsx';
import type { EditorParts } from './editor-parts.ts';

/** Loaded when it is first opened. */
const DatapointPicker = lazy(async () => ({
  default: (await import('../run/datapoint-picker.tsx')).DatapointPicker,
}));

/** The inputs of the next run; two versions have the same. */
export function RunInputs({ columns, inputs, onInputs, onText }: EditorParts) {
  const [isPicking, setPicking] = useState(false);
  const refused = columns[0].faults;
  // Who ran it without a value wants to write it.
  useEffect(() => {
    if (refused.size === 0) return;
    const inputs = document.querySelector('section[aria-labelledby=inputs]');
    inputs?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refused]);
  const faults = new Map(columns.flatMap((column) => [...column.faults]));
  const wanted = wantedInputs(columns.map(({ edited }) => edited.spec));
  return (
    <>
      <InputsForm
        wanted={wanted}
        texts={inputs}
        faults={faults}
        onChange={onInputs}
        onDataset={() => setPicking(true)}
      />
      {isPicking && (
        <Suspense>
          <DatapointPicker
            onPick={(datapoint) => {
              onInputs(inputTextsOf(datapoint));
              onText(lastMessageOf(datapoint));
            }}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Where a run is started and stopped. */
export function RunControls(parts: EditorParts) {
  const { columns, text, onText, run, stop, forget, showsDifferences, onDifferences } = parts;
  const hasRun = columns.some((column) => column.run.logId !== undefined);
  const isRunning = columns.some((column) => column.isRunning);
  const isBusy = isRunning || columns.some(({ isWaiting }) => isWaiting);
  const { kind } = columns[0].edited.spec;
  const mayRun = useQuery(sessionQuery).data?.caller.scopes.includes('run') ?? true;
  if (!mayRun) {
    return (
      <p className="shrink-0 border-t border-line p-3 text-fg-3">
        You may read this, and not run it.
      </p>
    );
  }
  return (
    <Composer
      text={text}
      onText={onText}
      name={`the ${kind}`}
      isRunning={isRunning}
      isWaiting={columns.some(({ isWaiting }) => isWaiting)}
      isStarting={columns.some((column) => column.run.isStarting)}
      hasRun={hasRun}
      onRun={run}
      onStop={stop}
    >
      {hasRun && columns.length === 2 && (
        <Button
          aria-pressed={showsDifferences}
          title={keysOf('differences')}
          onClick={onDifferences}
          className="aria-pressed:bg-accent-soft"
        >
          <Diff aria-hidden className="size-3.5" />
          Differences
        </Button>
      )}
      {hasRun && (
        <IconButton label="New conversation" disabled={isBusy} onClick={forget}>
          <MessageSquarePlus className="size-4" />
        </IconButton>
      )}
    </Composer>
  );
}
