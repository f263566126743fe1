import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Failure } from '../loading/failure.tsx';
import { EmailField, EntryForm, PasswordField } from '../session/entry-form.tsx';
import { EntryPage } from '../session/entry-page.tsx';
import { NoOwner } from '../session/no-owner.tsx';
import { sessionQuery, signInStateQuery } from '../session/session.ts';
import { signIn } from '../session/sign-in.ts';

/** Sign in, and go to the page that was asked for. */
export function LoginPage() {
  const { next = '/' } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const state = useQuery(signInStateQuery);
  const isSignedIn = Boolean(session.data);
  useEffect(() => {
    if (isSignedIn) void navigate({ href: next, replace: true });
  }, [isSignedIn, next, navigate]);
  if (session.isPending || state.isPending) return null;
  if (state.data?.claimed === false) return <NoOwner />;
  const failed = [session, state].find(({ isError }) => isError);
  return (
    <EntryPage title="Sign in">
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      <EntryForm
        action="Sign in"
        onSend={({ email_address = '', password = '' }) => signIn({ email_address, password })}
      >
        <EmailField />
        <PasswordField />
      </EntryForm>
      <p className="text-xs text-fg-3">
        No password, or forgotten? An admin of your organization makes you a link, in Settings ›
        Members.
      </p>
    </EntryPage>
  );
}
