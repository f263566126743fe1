import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Invitation, Role } from '../../api/types.ts';
import { calendarDay, wholeTime } from '../../format/time.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { toast } from '../../ui/toasts.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { LinkDialog } from './link-dialog.tsx';
import {
  invitationsQuery,
  type NewLink,
  renewInvitation,
  withdrawInvitation,
} from './member-queries.ts';
import { reaches, roleName } from './roles.ts';

type Open =
  | { readonly type: 'renew' | 'withdraw'; readonly invitation: Invitation }
  | { readonly type: 'link'; readonly invitation: Invitation; readonly link: NewLink };

/** Who was invited and has not come yet. */
export function InvitationTable({ own }: { readonly own: Role }) {
  const query = useQuery(invitationsQuery);
  const [open, setOpen] = useState<Open>();
  return (
    <SettingsSection title="Pending invitations">
      <SettingsTable
        label="Pending invitations"
        query={query}
        rows={query.data ?? []}
        keyOf={({ id }) => id}
        empty="Nobody is invited now."
        columns={[
          {
            name: 'Email',
            isHead: true,
            grows: true,
            cell: ({ email_address: email }) => (
              <span className="block max-w-40 truncate sm:max-w-80" title={email}>
                {email}
              </span>
            ),
          },
          { name: 'Role', cell: ({ role }) => roleName(role) },
          {
            name: 'Expires',
            align: 'right',
            cell: ({ expires_at: at }) =>
              Date.parse(at) < Date.now() ? (
                <span className="text-warn">Expired</span>
              ) : (
                <span title={wholeTime(at)}>{calendarDay(at)}</span>
              ),
          },
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: (invitation) =>
              reaches(own, invitation.role) && (
                <RowMenu
                  of={invitation.email_address}
                  actions={[
                    { name: 'New link', run: () => setOpen({ type: 'renew', invitation }) },
                    { name: 'Withdraw', run: () => setOpen({ type: 'withdraw', invitation }) },
                  ]}
                />
              ),
          },
        ]}
      />
      <InvitationDialog open={open} onOpen={setOpen} />
    </SettingsSection>
  );
}

function InvitationDialog({
  open,
  onOpen,
}: {
  readonly open: Open | undefined;
  readonly onOpen: (open: Open | undefined) => void;
}) {
  if (!open) return null;
  const close = () => onOpen(undefined);
  const { invitation } = open;
  switch (open.type) {
    case 'renew':
      return (
        <ConfirmDialog
          title={`Make a new link for ${invitation.email_address}?`}
          action="Make the link"
          look="primary"
          staysOpen
          onConfirm={async () => {
            onOpen({ type: 'link', invitation, link: await renewInvitation(invitation.id) });
          }}
          onClose={close}
        >
          <p>The link that they have works no more.</p>
        </ConfirmDialog>
      );
    case 'link':
      return (
        <LinkDialog
          title="Invitation"
          about={`With this link ${invitation.email_address} becomes a member.`}
          link={open.link}
          onClose={close}
        />
      );
    case 'withdraw':
      return (
        <ConfirmDialog
          title={`Withdraw the invitation of ${invitation.email_address}?`}
          action="Withdraw"
          onConfirm={async () => {
            await withdrawInvitation(invitation.id);
            toast('Invitation withdrawn');
          }}
          onClose={close}
        >
          <p>Its link works no more.</p>
        </ConfirmDialog>
      );
  }
}
