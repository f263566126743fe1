import { useState } from 'react';
import { versionLabel } from '../../files/version-code.ts';
import { goToUnread } from '../../forms/unread.ts';
import { Segments } from '../../ui/segments.tsx';
import { SpecForm } from '../form/spec-form.tsx';
import { ColumnOutput } from './column-output.tsx';
import type { EditorParts } from './editor-parts.ts';
import { RunControls, RunInputs } from './run-controls.tsx';

/** One part at a time: a version, or its run. */
export function NarrowEditor(parts: EditorParts) {
  const { columns, inputs, run } = parts;
  const [part, setPart] = useState('edit 0');
  const several = columns.length === 2;
  const nameOf = (index: number) => {
    const column = columns[index];
    return several && column ? versionLabel(column.edited.version) : '';
  };
  const choices = columns.flatMap((_column, index) => [
    { value: `edit ${index}`, name: `Edit ${nameOf(index)}`.trim() },
    { value: `run ${index}`, name: `Run ${nameOf(index)}`.trim() },
  ]);
  const [what, place] = part.split(' ');
  const column = columns[Number(place)] ?? columns[0];
  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="shrink-0 border-b border-line px-3 py-1.5">
        <Segments
          label="Part of the editor"
          value={part}
          choices={choices}
          onChange={(next) => goToUnread() || setPart(next)}
        />
      </div>
      {what === 'edit' ? (
        <SpecForm key={place} edited={column.edited} faults={column.faults} inputs={inputs} />
      ) : (
        <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-panel">
          <RunInputs {...parts} />
          <ColumnOutput {...parts} run={run} column={column} />
          <RunControls {...parts} />
        </div>
      )}
    </div>
  );
}
