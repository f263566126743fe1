import { Split } from '../../ui/split.tsx';
import { SpecForm } from '../form/spec-form.tsx';
import { ColumnOutput } from './column-output.tsx';
import { ColumnTitle } from './column-title.tsx';
import type { EditorParts } from './editor-parts.ts';
import { RunControls, RunInputs } from './run-controls.tsx';
import type { Column } from './use-column.ts';

/** Instructions left and the run right; or two versions side by side, each over its run. */
export function WideEditor(parts: EditorParts) {
  const [first, second] = parts.columns;
  if (!second) {
    return (
      <Split name="editor" direction="row" standard={0.52} label="Width of the configuration">
        <SpecForm edited={first.edited} faults={first.faults} inputs={parts.inputs} />
        <div className="@container flex min-h-0 min-w-0 flex-1 flex-col bg-panel">
          <RunInputs {...parts} />
          <ColumnOutput {...parts} column={first} />
          <RunControls {...parts} />
        </div>
      </Split>
    );
  }
  return (
    <>
      <Split name="compare" direction="row" standard={0.5} label="Width of the first version">
        <ComparedColumn parts={parts} column={first} />
        <ComparedColumn parts={parts} column={second} />
      </Split>
      <div className="@container flex max-h-1/2 shrink-0 flex-col border-t border-line bg-panel">
        <RunInputs {...parts} />
        <RunControls {...parts} />
      </div>
    </>
  );
}

function ComparedColumn({
  parts,
  column,
}: {
  readonly parts: EditorParts;
  readonly column: Column;
}) {
  return (
    <section
      aria-label={`Version ${column.edited.version.version_id}`}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <ColumnTitle edited={column.edited} />
      <Split name="compared" direction="column" standard={0.4} label="Height of the configuration">
        <SpecForm edited={column.edited} faults={column.faults} inputs={parts.inputs} />
        <div className="flex min-h-0 flex-1 flex-col bg-panel">
          <ColumnOutput {...parts} column={column} />
        </div>
      </Split>
    </section>
  );
}
