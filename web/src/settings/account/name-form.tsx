import { type FormEvent, useState } from 'react';
import type { Me } from '../../api/types.ts';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { toast } from '../../ui/toasts.tsx';
import { changeName } from './account-queries.ts';

/** The reader's name, as others see it. */
export function NameForm({ member }: { readonly member: Me['member'] }) {
  const [name, setName] = useState(member.full_name ?? '');
  const { isBusy, error, send } = useSend();
  const isChanged = name.trim() !== '' && name.trim() !== member.full_name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await send(() => changeName(name.trim()))) toast('Name saved');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid max-w-88 gap-3">
      <Field label="Name">
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            onChange={({ target }) => setName(target.value)}
            maxLength={255}
            autoComplete="name"
          />
        )}
      </Field>
      <Field label="Email" hint={`You sign in with it. Your role is ${member.role}.`}>
        {(attributes) => <Input {...attributes} value={member.email_address} readOnly />}
      </Field>
      {error !== undefined && <Failure error={error} />}
      <Button
        type="submit"
        className="justify-self-start"
        disabled={!isChanged}
        aria-disabled={isBusy}
      >
        Save the name
      </Button>
    </form>
  );
}
