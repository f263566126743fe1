import { useState } from 'react';
import type { Member, Role } from '../../api/types.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { memberName } from '../../session/member-name.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { changeRole } from './member-queries.ts';
import { rolesUpTo } from './roles.ts';

/** Gives a member another role. */
export function RoleDialog({
  member,
  own,
  onClose,
}: {
  readonly member: Member;
  readonly own: Role;
  readonly onClose: () => void;
}) {
  const [role, setRole] = useState(member.role);
  return (
    <FormDialog
      title={`Role of ${memberName(member)}`}
      action="Change the role"
      isReady={role !== member.role}
      onSend={() => changeRole(member.id, role)}
      onClose={onClose}
    >
      <RadioGroup label="Role" value={role} onChange={setRole} options={rolesUpTo(own)} />
      <p className="text-fg-3">It applies at once, to their sessions and API keys, too.</p>
    </FormDialog>
  );
}
