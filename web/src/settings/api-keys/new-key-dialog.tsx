import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MadeApiKey, Member, Scope } from '../../api/types.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { memberName } from '../../session/member-name.ts';
import { useMay, useMe } from '../../session/session.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { membersQuery } from '../members/member-queries.ts';
import { reaches, roleName } from '../members/roles.ts';
import { makeKey } from './key-queries.ts';
import { scopes, scopesOfRole } from './scopes.ts';

const lifetimes = [
  { value: '30', name: '30 days' },
  { value: '90', name: '90 days' },
  { value: '365', name: 'A year' },
  { value: '', name: 'Never' },
] as const;

/** Asks what a new key is to be. It may do no more than whoever makes it, and whose it is. */
export function NewKeyDialog({
  onMade,
  onClose,
}: {
  readonly onMade: (made: MadeApiKey) => void;
  readonly onClose: () => void;
}) {
  const own = useMe()?.caller.scopes ?? [];
  const others = useOtherMembers();
  const [memberId, setMemberId] = useState('');
  const member = others.find(({ id }) => id === memberId);
  const possible = member ? own.filter((scope) => scopesOfRole[member.role].includes(scope)) : own;
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof lifetimes)[number]['value']>('90');
  const [wanted, setWanted] = useState<readonly Scope[]>(['run', 'read', 'write']);
  const chosen = wanted.filter((scope) => possible.includes(scope));
  const isAdmin = chosen.includes('admin');
  const send = async () => {
    onMade(
      await makeKey({
        name: name.trim(),
        scopes: isAdmin ? ['admin'] : chosen,
        days: days ? Number(days) : undefined,
        memberId: member?.id,
      }),
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
      {others.length > 0 && <MemberField members={others} chosen={member} onChoose={setMemberId} />}
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-xs font-medium text-fg-2">It may</legend>
        {scopes.map(({ scope, about }) => (
          <Checkbox
            key={scope}
            checked={isAdmin ? possible.includes(scope) : chosen.includes(scope)}
            disabled={!possible.includes(scope) || (isAdmin && scope !== 'admin')}
            onChange={(isChosen) =>
              setWanted((now) => [
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

/** The members for whom the reader may make a key: admins may, and for nobody above themselves. */
function useOtherMembers(): readonly Member[] {
  const me = useMe();
  const isAdmin = useMay('admin');
  const { data = [] } = useQuery({ ...membersQuery, enabled: isAdmin });
  return data.filter(
    ({ id, role, status }) =>
      me && status === 'active' && id !== me.member.id && reaches(me.member.role, role),
  );
}

/** Whose the key is: the reader's, or another member's. */
function MemberField({
  members,
  chosen,
  onChoose,
}: {
  readonly members: readonly Member[];
  readonly chosen: Member | undefined;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <Field
      label="It acts as"
      hint={
        chosen && `What it makes has the name of ${memberName(chosen)}. Pass the key on yourself.`
      }
    >
      {(attributes) => (
        <Select
          {...attributes}
          value={chosen?.id ?? ''}
          choices={[
            { value: '', name: 'You' },
            ...members.map((one) => ({
              value: one.id,
              name: `${memberName(one)}, ${roleName(one.role).toLowerCase()}`,
            })),
          ]}
          onChange={onChoose}
          className="w-full"
        />
      )}
    </Field>
  );
}
