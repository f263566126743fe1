import { useMe } from '../session/session.ts';
import { NameForm } from '../settings/account/name-form.tsx';
import { PasswordForm } from '../settings/account/password-form.tsx';
import { SessionTable } from '../settings/account/session-table.tsx';
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx';

/** The reader's own account. */
export function AccountPage() {
  const me = useMe();
  if (me?.caller.type === 'key') {
    return (
      <SettingsPage title="Account" about="Your name, your password, and where you are signed in.">
        <p className="text-fg-2">
          You are here by the API key “{me.caller.name}”, not by a session. A key has no password.
        </p>
      </SettingsPage>
    );
  }
  return (
    <SettingsPage title="Account" about="Your name, your password, and where you are signed in.">
      {me && (
        <div className="grid gap-6 lg:grid-cols-2">
          <SettingsSection title="Profile">
            <NameForm member={me.member} />
          </SettingsSection>
          <SettingsSection title="Password">
            <PasswordForm email={me.member.email_address} />
          </SettingsSection>
        </div>
      )}
      <SessionTable />
    </SettingsPage>
  );
}
