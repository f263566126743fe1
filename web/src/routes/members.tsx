import { useMay, useMe } from '../session/session.ts';
import { AdminsOnly } from '../settings/admins-only.tsx';
import { InvitationTable } from '../settings/members/invitation-table.tsx';
import { MemberTable } from '../settings/members/member-table.tsx';
import { OrganizationSection } from '../settings/members/organization-section.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';

/** The people of the organization. */
export function MembersPage() {
  const me = useMe();
  const mayChange = useMay('admin');
  return (
    <SettingsPage title="Members" about="Who may see and do what in this organization.">
      {!mayChange && <AdminsOnly />}
      {me && <MemberTable me={me} />}
      {me && mayChange && <InvitationTable own={me.member.role} />}
      {me && mayChange && <OrganizationSection me={me} />}
    </SettingsPage>
  );
}
