import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { versionCode } from '../files/version-code.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { TextArea } from '../ui/text-area.tsx';

/** Gives a version a name and a description. What defines it never changes. */
export function DescribeDialog({
  version,
  onClose,
}: {
  readonly version: FileResponse;
  readonly onClose: () => void;
}) {
  const { id, version_id: versionId, version_name: oldName } = version;
  const cache = useQueryClient();
  const [name, setName] = useState(oldName ?? '');
  const [description, setDescription] = useState(version.version_description ?? '');
  const isReady = name.trim() !== '' || !oldName;
  const send = async () => {
    await api.PATCH(`/v5/${collectionOf(id)}/{id}/versions/{version_id}`, {
      params: { path: { id, version_id: versionId } },
      body: { description, ...(name.trim() && { name }) },
    });
    await cache.invalidateQueries({ queryKey: ['file', id] });
  };
  return (
    <FormDialog
      title={`Name and describe ${versionCode(versionId)}`}
      action="Save"
      isReady={isReady}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label="Name"
        hint={
          isReady
            ? 'Shown in place of the code. No two versions of a file have the same.'
            : 'A version that has a name keeps one.'
        }
      >
        {(attributes) => (
          <Input
            {...attributes}
            maxLength={255}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Description" hint="What is different, and why.">
        {(attributes) => (
          <TextArea
            {...attributes}
            rows={3}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
