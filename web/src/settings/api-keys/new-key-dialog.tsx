import { useState } from 'react';
import type { MadeApiKey, Scope } from '../../api/types.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useMe } from '../../session/session.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { makeKey } from './key-queries.ts';
import { scopes } from './scopes.ts';

const lifetimes = [
  { value: '30', name: '30 days' },
  { value: '90', name: '90 days' },
  { value: '365', name: 'A year' },
  { value: '', name: 'Never' },
] as const;

/** Asks what a new key is to be. It may do no more than whoever makes it. */
export function NewKeyDialog({
  onMade,
  onClose,
}: {
  readonly onMade: (made: MadeApiKey) => void;
  readonly onClose: () => void;
}) {
  const own = useMe()?.caller.scopes ?? [];
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof lifetimes)[number]['value']>('90');
  const [chosen, setChosen] = useState<readonly Scope[]>(['run', 'read', 'write']);
  const isAdmin = chosen.includes('admin');
  const send = async () => {
    const given = isAdmin ? (['admin'] as const) : chosen;
    onMade(
      await makeKey({ name: name.trim(), scopes: given, days: days ? Number(days) : undefined }),
    );
  };
  return (
    <FormDialog
      title="New API key"
      action="Make the key"
      isReady={name.trim() !== '' && chosen.length > 0}
      staysOpen
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" hint="What it is for, so that you know later.">
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            onChange={({ target }) => setName(target.value)}
            required
            maxLength={255}
            autoComplete="off"
          />
        )}
      </Field>
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-xs font-medium text-fg-2">It may</legend>
        {scopes.map(({ scope, about }) => (
          <Checkbox
            key={scope}
            checked={isAdmin ? own.includes(scope) : chosen.includes(scope)}
            disabled={!own.includes(scope) || (isAdmin && scope !== 'admin')}
            onChange={(isChosen) =>
              setChosen((now) => [
                ...now.filter((other) => other !== scope),
                ...(isChosen ? [scope] : []),
              ])
            }
          >
            <code className="w-12 font-mono text-xs">{scope}</code>
            <span className="text-fg-2">{about}</span>
          </Checkbox>
        ))}
      </fieldset>
      <Field label="Expires">
        {(attributes) => (
          <Select
            {...attributes}
            value={days}
            choices={lifetimes}
            onChange={setDays}
            className="w-40"
          />
        )}
      </Field>
    </FormDialog>
  );
}
