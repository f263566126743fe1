import { AlertBox, AlertText } from '../ui/alert-box.tsx';
import { useEndedSession } from './ended-session.ts';
import { EmailField, EntryForm, PasswordField } from './entry-form.tsx';
import { signIn } from './sign-in.ts';

/**
 * Comes over the page when the session has ended in the middle, and goes when one has signed in again.
 * Nothing of the page is lost.
 */
export function SignInAgain({ onLeave }: { readonly onLeave: () => void }) {
  const member = useEndedSession()?.member;
  if (!member) return null;
  return (
    <AlertBox title="Sign in again">
      <AlertText className="text-fg-2">
        Your session has ended. What is on this page stays, and you go on where you are.
      </AlertText>
      <EntryForm
        action="Sign in"
        onSend={({ password = '' }) => signIn({ email_address: member.email_address, password })}
      >
        <EmailField value={member.email_address} />
        <PasswordField hasFocus />
      </EntryForm>
      <button
        type="button"
        onClick={onLeave}
        className="min-h-6 justify-self-start text-xs text-fg-2 underline hover:text-fg"
      >
        Sign in as somebody else
      </button>
    </AlertBox>
  );
}
