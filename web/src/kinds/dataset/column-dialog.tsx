import { useState } from 'react';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { type Column, keyOf, messagesColumn } from './columns.ts';

/** Adds a column in which nothing is yet. */
export function ColumnDialog({
  columns,
  onAdd,
  onClose,
}: {
  readonly columns: readonly Column[];
  readonly onAdd: (column: Column) => void;
  readonly onClose: () => void;
}) {
  const [part, setPart] = useState<Column['part']>('inputs');
  const [name, setName] = useState('');
  const [values, setValues] = useState<'text' | 'json'>('text');
  const column: Column =
    part === 'messages' ? messagesColumn : { part, name: name.trim(), isText: values === 'text' };
  const isTaken = columns.some((one) => keyOf(one) === keyOf(column));
  const isReady = !isTaken && (part === 'messages' || name.trim() !== '');
  return (
    <FormDialog
      title="Add a column"
      action="Add the column"
      isReady={isReady}
      onSend={async () => onAdd(column)}
      onClose={onClose}
    >
      <RadioGroup
        label="What it holds"
        value={part}
        onChange={setPart}
        options={[
          { value: 'inputs', name: 'An input', hint: 'what the file is given' },
          { value: 'target', name: 'A part of the target', hint: 'what should come of it' },
          { value: 'messages', name: 'Messages', hint: 'a conversation before it' },
        ]}
      />
      {part !== 'messages' && (
        <>
          <Field label="Name" fault={isTaken ? 'There is such a column.' : undefined}>
            {(attributes) => (
              <Input
                {...attributes}
                autoComplete="off"
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <RadioGroup
            label="Its values"
            value={values}
            onChange={setValues}
            options={[
              { value: 'text', name: 'Texts' },
              { value: 'json', name: 'Numbers, yes and no, lists', hint: 'written as JSON' },
            ]}
          />
        </>
      )}
    </FormDialog>
  );
}
