import { useState } from 'react';
import { counted } from '../../format/format.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { ColumnAssignments } from './column-assignments.tsx';
import type { Column } from './columns.ts';
import type { Content } from './content.ts';
import { columnOf, readRows, twiceIn } from './csv-rows.ts';
import { type Imported, readImport } from './import.ts';
import { LineFaults, LinesPreview } from './lines-preview.tsx';

/** Adds the rows of a file, or of a text that is pasted: CSV, of whose columns is said what they become, or JSON lines. */
export function ImportDialog({
  columns,
  onImport,
  onClose,
}: {
  readonly columns: readonly Column[];
  readonly onImport: (contents: readonly Content[], columns: readonly Column[]) => void;
  readonly onClose: () => void;
}) {
  const [pasted, setPasted] = useState('');
  const [found, setFound] = useState<Imported>();
  /** Changes when no file is chosen any more. */
  const [fileKey, setFileKey] = useState(0);
  const twice =
    found?.type === 'table' && found.faults.length === 0 ? twiceIn(found.assignments) : undefined;
  const count = found && twice === undefined ? countOf(found) : 0;
  const readFile = async (file: File | undefined) => {
    setPasted('');
    setFound(file && readImport(await file.text()));
  };
  const readPasted = (text: string) => {
    setPasted(text);
    setFound(text.trim() === '' ? undefined : readImport(text));
    setFileKey(fileKey + 1);
  };
  return (
    <FormDialog
      title="Import rows"
      action={count > 0 ? `Add ${counted(count, 'row')}` : 'Add the rows'}
      isReady={count > 0}
      onSend={async () => {
        if (found?.type === 'lines') return onImport(found.contents, []);
        if (found?.type !== 'table') return;
        const { rows, assignments } = found;
        const added = assignments.flatMap((one) => columnOf(one, columns) ?? []);
        onImport(readRows(rows, assignments, columns), added);
      }}
      onClose={onClose}
    >
      <Field
        label="File"
        hint="CSV, whose first line names the columns, or JSON lines: a row a line."
        fault={isNothing(found) ? 'There are no rows in this file.' : undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            key={fileKey}
            type="file"
            accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json,text/csv,application/jsonl"
            onChange={({ target }) => void readFile(target.files?.[0])}
            className="text-sm file:mr-3 file:h-7 file:rounded-md file:border file:border-line file:bg-panel file:px-2.5 file:font-medium file:text-fg coarse:file:h-10"
          />
        )}
      </Field>
      <Field
        label="Or paste the rows"
        hint="Nothing is stored until you commit."
        fault={pasted !== '' && isNothing(found) ? 'There are no rows in this text.' : undefined}
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            className="max-h-40 font-mono text-xs"
            spellCheck={false}
            placeholder='{"inputs": {"country": "Chile"}, "target": {"capital": "Santiago"}}'
            value={pasted}
            onChange={({ target }) => readPasted(target.value)}
          />
        )}
      </Field>
      {found?.type === 'lines' && <LinesPreview {...found} />}
      {found?.type === 'table' && found.faults.length > 0 && <LineFaults {...found} />}
      {found?.type === 'table' && found.faults.length === 0 && found.rows.length > 0 && (
        <ColumnAssignments
          {...found}
          onChange={(assignments) => setFound({ ...found, assignments })}
        />
      )}
      {twice !== undefined && (
        <p role="alert" className="text-xs break-words text-err">
          Two columns become “{twice}”. Give one another name, or leave it out.
        </p>
      )}
    </FormDialog>
  );
}

/** How many rows can be added as it is said now. */
function countOf(found: Imported): number {
  if (found.faults.length > 0) return 0;
  if (found.type === 'lines') return found.contents.length;
  return found.assignments.some(({ to }) => to !== 'nothing') ? found.rows.length : 0;
}

function isNothing(found: Imported | undefined): boolean {
  return found?.type === 'table' && found.rows.length + found.faults.length === 0;
}
