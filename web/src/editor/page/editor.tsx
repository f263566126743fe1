import { lazy, Suspense, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { goToUnread } from '../../forms/unread.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { FilePage } from '../../shell/file-page.tsx';
import { useStored } from '../../ui/use-stored.ts';
import { useWide } from '../../ui/use-wide.ts';
import { GoneBase } from '../draft/gone-base.tsx';
import { modelDrafts } from '../draft/model-drafts.ts';
import { type InputTexts, inputValues, wantedInputs } from '../run/inputs.ts';
import { EditorActions } from './editor-actions.tsx';
import type { EditorParts } from './editor-parts.ts';
import { EditorStatus } from './editor-status.tsx';
import { NarrowEditor } from './narrow-editor.tsx';
import { NewsBanner } from './news-banner.tsx';
import { useColumn } from './use-column.ts';
import { WideEditor } from './wide-editor.tsx';

/** Loaded with the first dialog. */
const EditorDialog = lazy(async () => ({
  default: (await import('./editor-dialog.tsx')).EditorDialog,
}));

/** An agent or a prompt: written, run beside it, committed. With another version it is compared. */
export function Editor({
  version,
  other,
  onVersion,
}: {
  readonly version: FileResponse;
  readonly other: FileResponse | undefined;
  /** Edits another version, in place of this one. */
  readonly onVersion: (versionId: string) => void;
}) {
  const first = useColumn(version);
  const second = useColumn(other ?? version);
  const columns = other ? ([first, second] as const) : ([first] as const);
  const [inputs, onInputs] = useStored<InputTexts>(`inputs.${version.id}`, {});
  const [text, onText] = useState('');
  const [showsDifferences, setDifferences] = useState(false);
  const [dialog, setDialog] = useState<'commit' | 'merge'>();
  const isWide = useWide(1024);
  const isBusy = columns.some(({ isRunning, isWaiting }) => isRunning || isWaiting);
  const run = () => {
    if (isBusy || isCovered() || goToUnread()) return;
    const wanted = wantedInputs(columns.map(({ edited }) => edited.spec));
    const values = inputValues(inputs, wanted);
    onText('');
    void Promise.all(columns.map((column) => column.start(text, values))).then((started) => {
      // What nobody took is not lost.
      if (!started.includes(true)) onText((now) => now || text);
    });
  };
  const stop = () => {
    for (const column of columns) void column.run.stop().catch(() => undefined);
  };
  const parts: EditorParts = {
    columns,
    inputs,
    onInputs,
    text,
    onText,
    run,
    stop,
    forget: () => {
      for (const column of columns) column.run.forget();
    },
    showsDifferences: showsDifferences && other !== undefined,
    onDifferences: () => setDifferences(!showsDifferences),
  };
  const { edited } = first;
  const commit = () => {
    if (!goToUnread() && edited.isChanged && edited.text === undefined) setDialog('commit');
  };
  useShortcuts(
    dialog
      ? {}
      : {
          run,
          stopRun: stop,
          commit,
          ...(other && { differences: parts.onDifferences }),
        },
  );
  return (
    <FilePage
      fileId={version.id}
      heading="Editor"
      status={<EditorStatus edited={edited} other={other} />}
      actions={<EditorActions edited={edited} other={other} onCommit={commit} />}
    >
      {() => (
        <>
          {edited.isGone && edited.isChanged && (
            <GoneBase
              fileId={version.id}
              baseId={version.version_id}
              drafts={modelDrafts}
              onVersion={onVersion}
            />
          )}
          {edited.news && !edited.isGone && (
            <NewsBanner
              news={edited.news}
              onMerge={() => goToUnread() || setDialog('merge')}
              onPassOver={edited.passOver}
            />
          )}
          {isWide ? <WideEditor {...parts} /> : <NarrowEditor {...parts} />}
          {dialog && (
            <Suspense>
              <EditorDialog open={dialog} column={first} onClose={() => setDialog(undefined)} />
            </Suspense>
          )}
        </>
      )}
    </FilePage>
  );
}

/** Whether a dialog is over the page: then its keys are not those of the editor. */
function isCovered(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog]') !== null;
}
