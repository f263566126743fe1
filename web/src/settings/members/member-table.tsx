import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me, Member } from '../../api/types.ts';
import { moment, wholeTime } from '../../format/time.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { memberName } from '../../session/member-name.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { toast } from '../../ui/toasts.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { makeResetLink, membersQuery, type NewLink, removeMember } from './member-queries.ts';
import { RoleDialog } from './role-dialog.tsx';
import { reaches, roleName } from './roles.ts';

type Open =
  | { readonly type: 'invite' }
  | { readonly type: 'role' | 'remove' | 'reset'; readonly member: Member }
  | { readonly type: 'link'; readonly member: Member; readonly link: NewLink };

/** Who is in the organization. */
export function MemberTable({ me }: { readonly me: Me }) {
  const query = useQuery(membersQuery);
  const mayChange = useMay('admin');
  const [open, setOpen] = useState<Open>();
  const members = (query.data ?? []).filter(({ status }) => status !== 'invited');
  return (
    <SettingsSection
      title="Members"
      action={
        mayChange && (
          <Button look="primary" onClick={() => setOpen({ type: 'invite' })}>
            Invite somebody
          </Button>
        )
      }
    >
      <SettingsTable
        label="Members"
        query={query}
        rows={members}
        keyOf={({ id }) => id}
        empty="Nobody has joined yet."
        columns={[
          {
            name: 'Name',
            isHead: true,
            grows: true,
            cell: (member) => (
              <span className="flex items-center gap-2">
                <span className="max-w-40 truncate sm:max-w-60" title={memberName(member)}>
                  <bdi>{memberName(member)}</bdi>
                </span>
                {member.id === me.member.id && <Chip>You</Chip>}
                {member.status === 'imported' && <Chip>Imported</Chip>}
              </span>
            ),
          },
          {
            name: 'Email',
            isExtra: true,
            cell: ({ email_address: email }) =>
              email ? (
                <span className="block max-w-56 truncate text-fg-2" title={email}>
                  {email}
                </span>
              ) : (
                <span className="text-fg-3">Hidden</span>
              ),
          },
          { name: 'Role', cell: ({ role }) => roleName(role) },
          {
            name: 'Last seen',
            align: 'right',
            isExtra: true,
            cell: ({ last_seen_at: at }) =>
              at ? <span title={wholeTime(at)}>{moment(at)}</span> : 'Never',
          },
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: (member) =>
              mayChange &&
              reaches(me.member.role, member.role) && (
                <RowMenu
                  of={memberName(member)}
                  actions={[
                    { name: 'Change the role', run: () => setOpen({ type: 'role', member }) },
                    member.status === 'active' && {
                      name: 'Link for a new password',
                      run: () => setOpen({ type: 'reset', member }),
                    },
                    { name: 'Remove', run: () => setOpen({ type: 'remove', member }) },
                  ]}
                />
              ),
          },
        ]}
      />
      <MemberDialog open={open} me={me} onOpen={setOpen} />
    </SettingsSection>
  );
}

function MemberDialog({
  open,
  me,
  onOpen,
}: {
  readonly open: Open | undefined;
  readonly me: Me;
  readonly onOpen: (open: Open | undefined) => void;
}) {
  const close = () => onOpen(undefined);
  switch (open?.type) {
    case undefined:
      return null;
    case 'invite':
      return <InviteDialog own={me.member.role} onClose={close} />;
    case 'role':
      return <RoleDialog member={open.member} own={me.member.role} onClose={close} />;
    case 'reset':
      return (
        <ConfirmDialog
          title={`Make a link for a new password of ${memberName(open.member)}?`}
          action="Make the link"
          look="primary"
          staysOpen
          onConfirm={async () => {
            const link = await makeResetLink(open.member.id);
            onOpen({ type: 'link', member: open.member, link });
          }}
          onClose={close}
        >
          <p>
            Whoever opens it sets a new password and is signed in. An earlier link works no more.
          </p>
        </ConfirmDialog>
      );
    case 'link':
      return (
        <LinkDialog
          title="New password"
          about={`With this link ${memberName(open.member)} sets a new password.`}
          link={open.link}
          onClose={close}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          title={`Remove ${memberName(open.member)}?`}
          action="Remove"
          onConfirm={async () => {
            await removeMember(open.member.id);
            toast(`${memberName(open.member)} is no member any more`);
          }}
          onClose={close}
        >
          <p>Their sessions end and their API keys are revoked, at once.</p>
          <p>What they made stays, with their name.</p>
        </ConfirmDialog>
      );
  }
}
