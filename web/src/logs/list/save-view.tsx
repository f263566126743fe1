import { useState } from 'react';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import type { ListSearch } from './list-search.ts';
import { proposedName } from './views.ts';

/** Asks for the name of a view. */
export function SaveView({
  search,
  taken,
  onSave,
  onClose,
}: {
  readonly search: ListSearch;
  readonly taken: readonly string[];
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(() => proposedName(search));
  const isTaken = taken.includes(name.trim());
  return (
    <FormDialog
      title="Save this view"
      action="Save view"
      isReady={name.trim() !== '' && !isTaken}
      onSend={async () => onSave(name.trim())}
      onClose={onClose}
    >
      <Field
        label="Name"
        hint="Filters, order and columns are saved in this browser. Send others the link."
        fault={isTaken ? 'A view has this name.' : undefined}
      >
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            maxLength={60}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
