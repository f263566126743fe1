import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Me } from '../../api/types.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { forgetSession } from '../../session/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { deleteOrganization, renameOrganization } from './member-queries.ts';

/** The name of the organization, and its end. */
export function OrganizationSection({ me }: { readonly me: Me }) {
  const [name, setName] = useState(me.organization.name);
  const [isDeleting, setDeleting] = useState(false);
  const { isBusy, error, send } = useSend();
  const isChanged = name.trim() !== '' && name.trim() !== me.organization.name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await send(() => renameOrganization(name.trim()))) toast('Organization renamed');
  };
  return (
    <SettingsSection title="Organization">
      <form onSubmit={(event) => void submit(event)} className="grid max-w-88 gap-3">
        <Field label="Name">
          {(attributes) => (
            <Input
              {...attributes}
              value={name}
              onChange={({ target }) => setName(target.value)}
              maxLength={255}
              autoComplete="organization"
            />
          )}
        </Field>
        {error !== undefined && <Failure error={error} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" disabled={!isChanged} aria-disabled={isBusy}>
            Rename
          </Button>
          {me.member.role === 'owner' && me.caller.type === 'session' && (
            <Button look="danger" onClick={() => setDeleting(true)}>
              Delete the organization
            </Button>
          )}
        </div>
      </form>
      {isDeleting && (
        <DeleteDialog name={me.organization.name} onClose={() => setDeleting(false)} />
      )}
    </SettingsSection>
  );
}

function DeleteDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title={`Delete the organization “${name}”?`}
      action="Delete everything"
      typed={name}
      onConfirm={async () => {
        await deleteOrganization(name);
        await forgetSession(() => navigate({ to: '/login' }));
      }}
      onClose={onClose}
    >
      <p>
        All of it is deleted: files, versions, logs, evaluations, keys and members. Programs that
        call it fail at once. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
