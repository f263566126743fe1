import { useState } from 'react';
import type { OrganizationEnvironment } from '../../api/types.ts';
import { counted } from '../../format/format.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { toast } from '../../ui/toasts.tsx';
import {
  changeEnvironment,
  createEnvironment,
  type Deployers,
  deleteEnvironment,
} from './environment-queries.ts';

/** What is open over the table of environments. */
export type OpenEnvironment =
  | { readonly type: 'new' }
  | {
      readonly type: 'edit' | 'default' | 'delete';
      readonly environment: OrganizationEnvironment;
    };

export function EnvironmentActionDialog({
  open,
  onClose,
}: {
  readonly open: OpenEnvironment;
  readonly onClose: () => void;
}) {
  switch (open.type) {
    case 'new':
      return <EnvironmentForm environment={undefined} onClose={onClose} />;
    case 'edit':
      return <EnvironmentForm environment={open.environment} onClose={onClose} />;
    case 'default':
      return <DefaultDialog environment={open.environment} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog environment={open.environment} onClose={onClose} />;
  }
}

interface OfEnvironment {
  readonly environment: OrganizationEnvironment;
  readonly onClose: () => void;
}

const deployerOptions = [
  { value: 'editors', name: 'Editors and admins' },
  { value: 'admins', name: 'Admins alone' },
] as const;

function EnvironmentForm({
  environment,
  onClose,
}: {
  readonly environment: OrganizationEnvironment | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(environment?.name ?? '');
  const [deployers, setDeployers] = useState<Deployers>(environment?.deployers ?? 'editors');
  return (
    <FormDialog
      title={environment ? `Edit “${environment.name}”` : 'New environment'}
      action={environment ? 'Save' : 'Make the environment'}
      isReady={name.trim() !== ''}
      onSend={() =>
        environment
          ? changeEnvironment(environment.id, { name: name.trim(), deployers })
          : createEnvironment(name.trim(), deployers)
      }
      onClose={onClose}
    >
      <Field
        label="Name"
        hint={environment && 'Calls name an environment. Those with the old name fail.'}
      >
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            onChange={({ target }) => setName(target.value)}
            required
            maxLength={64}
            autoComplete="off"
          />
        )}
      </Field>
      <RadioGroup
        label="Who deploys to it"
        value={deployers}
        onChange={setDeployers}
        options={deployerOptions}
      />
    </FormDialog>
  );
}

function DefaultDialog({ environment, onClose }: OfEnvironment) {
  return (
    <ConfirmDialog
      title={`Make “${environment.name}” the default environment?`}
      action="Make it the default"
      look="primary"
      onConfirm={() => changeEnvironment(environment.id, { tag: 'default' })}
      onClose={onClose}
    >
      <p>Calls that name no environment then run what is deployed to it, from now on.</p>
    </ConfirmDialog>
  );
}

function DeleteDialog({ environment, onClose }: OfEnvironment) {
  const { id, name, deployments_count: files } = environment;
  const isUsed = files > 0;
  return (
    <ConfirmDialog
      title={`Delete the environment “${name}”?`}
      action="Delete"
      typed={isUsed ? name : undefined}
      onConfirm={async () => {
        await deleteEnvironment(id, isUsed);
        toast(`${name} is deleted`);
      }}
      onClose={onClose}
    >
      {isUsed ? (
        <p>
          {counted(files, 'file is', 'files are')} deployed to it. Calls that name it fail. Versions
          and logs stay.
        </p>
      ) : (
        <p>Nothing is deployed to it. Logs keep its name.</p>
      )}
    </ConfirmDialog>
  );
}
