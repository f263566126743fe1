import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Failure } from '../../loading/failure.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { environmentVariablesQuery } from './tool-queries.ts';

/** Keys and other values that the code finds in `os.environ`. All versions of the tool have the same. */
export function EnvironmentVariables({ toolId }: { readonly toolId: string }) {
  const { data: variables, isError, error } = useQuery(environmentVariablesQuery(toolId));
  const [dialog, setDialog] = useState<'set' | { readonly remove: string }>();
  const close = () => setDialog(undefined);
  return (
    <section aria-labelledby="tool-variables" className="grid gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h2 id="tool-variables" className="font-medium">
          Environment variables
        </h2>
        <Button size="small" onClick={() => setDialog('set')}>
          <Plus aria-hidden className="size-3" />
          Set a variable
        </Button>
      </div>
      <p className="text-xs text-fg-3">
        Stored encrypted, beside the code: all versions have the same ones, at once.
      </p>
      {isError && <Failure error={error} />}
      {variables && variables.length > 0 && (
        <DataTable
          label="Environment variables"
          className="rounded-lg border border-line"
          rows={variables}
          keyOf={({ name }) => name}
          columns={[
            {
              name: 'Name',
              grows: true,
              isHead: true,
              cell: ({ name }) => <span className="font-mono text-xs">{name}</span>,
            },
            { name: 'Value', cell: () => <span className="text-fg-3">••••••••</span> },
            {
              name: 'Actions',
              hidesName: true,
              cell: ({ name }) => (
                <IconButton label={`Delete ${name}`} onClick={() => setDialog({ remove: name })}>
                  <Trash2 className="size-3.5" />
                </IconButton>
              ),
            },
          ]}
        />
      )}
      {dialog === 'set' && <SetDialog toolId={toolId} onClose={close} />}
      {typeof dialog === 'object' && (
        <RemoveDialog toolId={toolId} name={dialog.remove} onClose={close} />
      )}
    </section>
  );
}

function SetDialog({ toolId, onClose }: { readonly toolId: string; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const cache = useQueryClient();
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const send = async () => {
    await api.POST('/v5/tools/{id}/environment-variables', {
      params: { path: { id: toolId } },
      body: [{ name, value }],
    });
    await cache.invalidateQueries(environmentVariablesQuery(toolId));
  };
  return (
    <FormDialog
      title="Set a variable"
      action="Set"
      isReady={isName && value !== ''}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label="Name"
        fault={
          name === '' || isName
            ? undefined
            : 'Letters, digits and _ alone, and no digit at the beginning.'
        }
      >
        {(attributes) => (
          <Input
            {...attributes}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-xs"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Value" hint="One that is there is replaced.">
        {(attributes) => (
          <Input
            {...attributes}
            type="password"
            autoComplete="off"
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

function RemoveDialog({
  toolId,
  name,
  onClose,
}: {
  readonly toolId: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const cache = useQueryClient();
  const remove = async () => {
    await api.DELETE('/v5/tools/{id}/environment-variables/{name}', {
      params: { path: { id: toolId, name } },
    });
    await cache.invalidateQueries(environmentVariablesQuery(toolId));
  };
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action="Delete the variable"
      onConfirm={remove}
      onClose={onClose}
    >
      <p>Calls from now on run without it, in all versions of the tool.</p>
    </ConfirmDialog>
  );
}
