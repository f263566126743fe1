import { useState } from 'react';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { type Entry, nameOf, wordOf } from './entry.ts';
import { useMove } from './use-move.ts';

export function RenameDialog({
  entry,
  onClose,
}: {
  readonly entry: Entry;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(nameOf(entry));
  const move = useMove();
  const isNew = name.trim() !== '' && name !== nameOf(entry);
  return (
    <FormDialog
      title={`Rename “${nameOf(entry)}”`}
      action="Rename"
      isReady={isNew}
      onSend={() => move({ entry, name })}
      onClose={onClose}
    >
      <Field
        label={`Name of the ${wordOf(entry)}`}
        hint="Code that calls it by its path needs the new one. Its id stays."
      >
        {(attributes) => (
          <Input
            {...attributes}
            autoFocus
            autoComplete="off"
            maxLength={255}
            value={name}
            onChange={({ target }) => setName(target.value)}
            onFocus={({ target }) => target.select()}
          />
        )}
      </Field>
    </FormDialog>
  );
}
