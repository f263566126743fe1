import { useState } from 'react';
import { counted } from '../../format/format.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import type { Column } from './columns.ts';
import type { Content } from './content.ts';
import { type Assignment, columnOf, likelyAssignment, readRows } from './csv-rows.ts';
import { readTable } from './table-text.ts';

const destinations: readonly { readonly value: Assignment['to']; readonly name: string }[] = [
  { value: 'inputs', name: 'Input' },
  { value: 'target', name: 'Target' },
  { value: 'messages', name: 'Messages (JSON)' },
  { value: 'nothing', name: 'Leave out' },
];

/** Rows of preview. */
const previewed = 3;

/** Adds the rows of a CSV file: what each of its columns becomes is chosen before. */
export function ImportDialog({
  columns,
  onImport,
  onClose,
}: {
  readonly columns: readonly Column[];
  readonly onImport: (contents: readonly Content[], columns: readonly Column[]) => void;
  readonly onClose: () => void;
}) {
  const [table, setTable] = useState<readonly (readonly string[])[]>();
  const [assignments, setAssignments] = useState<readonly Assignment[]>([]);
  const [head = [], ...rows] = table ?? [];
  const read = async (file: File | undefined) => {
    const next = file && readTable(await file.text());
    setTable(next);
    setAssignments((next?.[0] ?? []).map(likelyAssignment));
  };
  const assign = (index: number, changes: Partial<Assignment>) =>
    setAssignments(assignments.with(index, { ...(assignments[index] as Assignment), ...changes }));
  return (
    <FormDialog
      title="Import CSV"
      action={rows.length > 0 ? `Add ${counted(rows.length, 'row')}` : 'Add the rows'}
      isReady={rows.length > 0 && assignments.some(({ to }) => to !== 'nothing')}
      onSend={async () =>
        onImport(
          readRows(rows, assignments, columns),
          assignments.flatMap((one) => columnOf(one, columns) ?? []),
        )
      }
      onClose={onClose}
    >
      <Field
        label="File"
        hint="Its first line names the columns. Nothing is stored until you commit."
        fault={table && rows.length === 0 ? 'There are no rows in this file.' : undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            onChange={({ target }) => void read(target.files?.[0])}
            className="text-sm file:mr-3 file:h-7 file:rounded-md file:border file:border-line file:bg-panel file:px-2.5 file:font-medium file:text-fg coarse:file:h-10"
          />
        )}
      </Field>
      {rows.length > 0 && (
        <fieldset className="grid min-w-0 gap-2">
          <legend className="mb-1 text-xs font-medium text-fg-2">What each column becomes</legend>
          {head.map((name, index) => {
            const { to, name: given } = assignments[index] as Assignment;
            return (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                key={index}
                role="group"
                aria-label={`Column ${name}`}
                className="grid grid-cols-[minmax(0,1fr)_9rem_minmax(0,1fr)] items-center gap-1.5"
              >
                <div className="min-w-0">
                  <p className="truncate font-mono text-xs">{name}</p>
                  <p className="truncate text-xs text-fg-3">
                    {rows
                      .slice(0, previewed)
                      .map((values) => values[index])
                      .join(' · ')}
                  </p>
                </div>
                <Select
                  aria-label={`What ${name} becomes`}
                  value={to}
                  choices={destinations}
                  onChange={(next) => assign(index, { to: next })}
                />
                {to === 'inputs' || to === 'target' ? (
                  <Input
                    aria-label={`Name for ${name}`}
                    value={given}
                    onChange={({ target }) => assign(index, { name: target.value })}
                  />
                ) : (
                  <span />
                )}
              </div>
            );
          })}
        </fieldset>
      )}
    </FormDialog>
  );
}
