import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Failure } from '../loading/failure.tsx';
import { EntryForm, NewPasswordField } from '../session/entry-form.tsx';
import { EntryPage } from '../session/entry-page.tsx';
import { readReset, resetPassword } from '../session/sign-in.ts';
import { useLinkToken } from '../session/use-link-token.ts';

/** Where the link for a new password leads, which an admin has made. */
export function ResetPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const reset = useQuery({
    queryKey: ['reset', token],
    queryFn: () => readReset(token),
    enabled: token !== '',
  });
  return (
    <EntryPage title="New password">
      {reset.isError && <Failure error={reset.error} />}
      {(token === '' || reset.isError) && (
        <p className="text-fg-2">
          This page opens by a link, once. Ask an admin of your organization for one.
        </p>
      )}
      {reset.data && (
        <>
          <p className="text-fg-2">
            For <strong className="font-medium">{reset.data.email_address}</strong>.
          </p>
          <EntryForm
            action="Set the password"
            onSend={async ({ password = '' }) => {
              await resetPassword(token, password);
              await navigate({ to: '/' });
            }}
          >
            <NewPasswordField />
          </EntryForm>
        </>
      )}
    </EntryPage>
  );
}
