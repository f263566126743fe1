import { type FormEvent, useRef } from 'react';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { NewPasswordField } from '../../session/entry-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { toast } from '../../ui/toasts.tsx';
import { changePassword } from './account-queries.ts';

/** A new password, for whoever knows the one that there is. */
export function PasswordForm({ email }: { readonly email: string }) {
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, error, send } = useSend();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [current, next] = [String(given.get('current')), String(given.get('new'))];
    if (!(await send(() => changePassword(current, next)))) return;
    form.current?.reset();
    toast('Password changed. Your other sessions have ended.');
  };
  return (
    <form
      ref={form}
      onSubmit={(event) => void submit(event)}
      className="grid max-w-88 content-start gap-3"
    >
      {/* For password managers, which keep a password by its account. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label="Current password">
        {(attributes) => (
          <Input
            {...attributes}
            name="current"
            type="password"
            required
            autoComplete="current-password"
          />
        )}
      </Field>
      <NewPasswordField label="New password" name="new" />
      {error !== undefined && <Failure error={error} />}
      <Button type="submit" className="justify-self-start" aria-disabled={isBusy}>
        Change the password
      </Button>
    </form>
  );
}
