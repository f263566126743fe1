import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Failure } from '../loading/failure.tsx';
import { EntryForm, NewPasswordField } from '../session/entry-form.tsx';
import { EntryPage } from '../session/entry-page.tsx';
import { acceptInvitation, readInvitation } from '../session/sign-in.ts';
import { useLinkToken } from '../session/use-link-token.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Where the link of an invitation leads: whoever follows it becomes a member. */
export function InvitationPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => readInvitation(token),
    enabled: token !== '',
  });
  if (token === '' || invitation.isError) {
    return (
      <EntryPage title="Invitation">
        {invitation.isError && <Failure error={invitation.error} />}
        <p className="text-fg-2">
          This page opens by the link of an invitation, once. Ask whoever invited you for a new one.
        </p>
      </EntryPage>
    );
  }
  const { data } = invitation;
  return (
    <EntryPage title={data ? `Join ${data.organization.name}` : 'Invitation'}>
      {data && (
        <>
          <p className="text-fg-2">
            You will sign in as <strong className="font-medium">{data.email_address}</strong>.
          </p>
          <EntryForm
            action="Join"
            onSend={async ({ full_name = '', password = '' }) => {
              await acceptInvitation(token, { full_name, password });
              await navigate({ to: '/' });
            }}
          >
            <Field label="Your name">
              {(attributes) => (
                <Input {...attributes} name="full_name" required autoComplete="name" />
              )}
            </Field>
            <NewPasswordField />
          </EntryForm>
        </>
      )}
    </EntryPage>
  );
}
