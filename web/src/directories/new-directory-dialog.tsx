import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

export function NewDirectoryDialog({
  directory: { id, path },
  onClose,
}: {
  /** In which it is made. */
  readonly directory: { readonly id: string; readonly path: string };
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const cache = useQueryClient();
  const make = async () => {
    await api.POST('/v5/directories', { body: { name, parent_id: id } });
    await Promise.all(
      [['directory'], ['directories']].map((queryKey) => cache.invalidateQueries({ queryKey })),
    );
  };
  return (
    <FormDialog
      title="New directory"
      action="Make the directory"
      isReady={name.trim() !== ''}
      onSend={make}
      onClose={onClose}
    >
      <Field label="Name" hint={path === '' ? 'At the top of all files.' : `In ${path}.`}>
        {(attributes) => (
          <Input
            {...attributes}
            autoFocus
            autoComplete="off"
            maxLength={255}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
