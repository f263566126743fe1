import type { FormEvent, ReactNode } from 'react';
import { useSend } from '../forms/use-send.ts';
import { Failure } from '../loading/failure.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** A form that lets somebody in. What the server refuses is said below its fields. */
export function EntryForm({
  action,
  onSend,
  children,
}: {
  /** What its button says. */
  readonly action: string;
  /** @param given the values of the fields, by their names. */
  readonly onSend: (given: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const { isBusy, error, send } = useSend();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    void send(() => onSend(given));
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      {children}
      {error !== undefined && <Failure error={error} />}
      <Button look="primary" type="submit" aria-disabled={isBusy} className="mt-1 h-8">
        {action}
      </Button>
    </form>
  );
}

/** Who signs in. */
export function EmailField({
  value,
  hasFocus = value === undefined,
}: {
  readonly value?: string | undefined;
  readonly hasFocus?: boolean;
}) {
  return (
    <Field label="Email">
      {(attributes) => (
        <Input
          {...attributes}
          name="email_address"
          type="email"
          required
          autoComplete="username"
          autoFocus={hasFocus}
          defaultValue={value}
          readOnly={value !== undefined}
        />
      )}
    </Field>
  );
}

/** The password that somebody has. */
export function PasswordField({ hasFocus = false }: { readonly hasFocus?: boolean }) {
  return (
    <Field label="Password">
      {(attributes) => (
        <Input
          {...attributes}
          name="password"
          type="password"
          required
          autoComplete="current-password"
          autoFocus={hasFocus}
        />
      )}
    </Field>
  );
}

/** A field for a password that somebody chooses. */
export function NewPasswordField({
  label = 'Password',
  name = 'password',
}: {
  readonly label?: string;
  readonly name?: string;
}) {
  return (
    <Field label={label} hint="At least 12 characters.">
      {(attributes) => (
        <Input
          {...attributes}
          name={name}
          type="password"
          required
          minLength={12}
          maxLength={1024}
          autoComplete="new-password"
        />
      )}
    </Field>
  );
}
