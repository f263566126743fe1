import { useNavigate } from '@tanstack/react-router';
import { EntryForm, NewPasswordField } from '../session/entry-form.tsx';
import { EntryPage } from '../session/entry-page.tsx';
import { resetPassword } from '../session/sign-in.ts';
import { useLinkToken } from '../session/use-link-token.ts';

/** Where the link for a new password leads, which an admin has made. */
export function ResetPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  return (
    <EntryPage title="New password">
      {token === '' ? (
        <p className="text-fg-2">
          This page opens by a link, once. Ask an admin of your organization for one.
        </p>
      ) : (
        <EntryForm
          action="Set the password"
          onSend={async ({ password = '' }) => {
            await resetPassword(token, password);
            await navigate({ to: '/' });
          }}
        >
          <NewPasswordField />
        </EntryForm>
      )}
    </EntryPage>
  );
}
