import { EmailField, EntryForm, NewPasswordField } from '../../session/entry-form.tsx';
import { EntryPage } from '../../session/entry-page.tsx';
import { setUp } from '../../session/sign-in.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

/** Makes the owner. @param onDone gets their first API key. */
export function OwnerStep({
  token,
  onDone,
}: {
  /** Of the link that the server printed. */
  readonly token: string;
  readonly onDone: (key: string) => void;
}) {
  return (
    <EntryPage title="Set up" step={[1, 3]}>
      <p className="text-fg-2">You will be the owner: the one who invites others.</p>
      <EntryForm
        action="Create the owner"
        onSend={async ({ organization = '', full_name = '', email_address = '', password = '' }) =>
          onDone(await setUp({ token, organization, full_name, email_address, password }))
        }
      >
        <Field label="Organization">
          {(attributes) => (
            <Input
              {...attributes}
              name="organization"
              required
              maxLength={255}
              autoComplete="organization"
              autoFocus
            />
          )}
        </Field>
        <Field label="Your name">
          {(attributes) => (
            <Input {...attributes} name="full_name" required maxLength={255} autoComplete="name" />
          )}
        </Field>
        <EmailField hasFocus={false} />
        <NewPasswordField />
      </EntryForm>
    </EntryPage>
  );
}
