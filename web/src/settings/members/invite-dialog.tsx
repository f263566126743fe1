import { useState } from 'react';
import type { Role } from '../../api/types.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { invite, type NewLink } from './member-queries.ts';
import { rolesUpTo } from './roles.ts';

/** Asks whom to invite, and then shows the link. */
export function InviteDialog({
  own,
  onClose,
}: {
  /** The role of whoever invites. */
  readonly own: Role;
  readonly onClose: () => void;
}) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [link, setLink] = useState<NewLink>();
  if (link) {
    return (
      <LinkDialog
        title="Invitation"
        about={`With this link ${email} becomes a member.`}
        link={link}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title="Invite somebody"
      action="Make the link"
      staysOpen
      onSend={async () => setLink(await invite(email.trim(), role))}
      onClose={onClose}
    >
      <Field label="Email" hint="They will sign in with it.">
        {(attributes) => (
          <Input
            {...attributes}
            type="email"
            required
            value={email}
            onChange={({ target }) => setEmail(target.value)}
            autoComplete="off"
          />
        )}
      </Field>
      <RadioGroup label="Role" value={role} onChange={setRole} options={rolesUpTo(own)} />
    </FormDialog>
  );
}
