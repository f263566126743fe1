import { useState } from 'react';
import type { ApiKey, MadeApiKey } from '../../api/types.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { toast } from '../../ui/toasts.tsx';
import { renameKey, revokeKey, rotateKey } from './key-queries.ts';
import { MadeKeyDialog } from './made-key-dialog.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';

/** What is open over the table of keys. */
export type OpenKeyDialog =
  | { readonly type: 'new' }
  | { readonly type: 'rename' | 'rotate' | 'revoke'; readonly key: ApiKey }
  | { readonly type: 'made'; readonly made: MadeApiKey; readonly note: string | undefined };

type OnMade = (made: MadeApiKey, note?: string) => void;

export function KeyDialog({
  open,
  onMade,
  onClose,
}: {
  readonly open: OpenKeyDialog;
  readonly onMade: OnMade;
  readonly onClose: () => void;
}) {
  switch (open.type) {
    case 'new':
      return <NewKeyDialog onMade={onMade} onClose={onClose} />;
    case 'made':
      return <MadeKeyDialog made={open.made} note={open.note} onClose={onClose} />;
    case 'rename':
      return <RenameDialog apiKey={open.key} onClose={onClose} />;
    case 'rotate':
      return <RotateDialog apiKey={open.key} onMade={onMade} onClose={onClose} />;
    case 'revoke':
      return <RevokeDialog apiKey={open.key} onClose={onClose} />;
  }
}

interface OfKey {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

function RenameDialog({ apiKey, onClose }: OfKey) {
  const [name, setName] = useState(apiKey.name);
  return (
    <FormDialog
      title={`Rename “${apiKey.name}”`}
      action="Rename"
      isReady={name.trim() !== '' && name.trim() !== apiKey.name}
      onSend={() => renameKey(apiKey.id, name.trim())}
      onClose={onClose}
    >
      <Field label="Name">
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            onChange={({ target }) => setName(target.value)}
            maxLength={255}
            autoComplete="off"
          />
        )}
      </Field>
    </FormDialog>
  );
}

const overlaps = [
  { value: '24', name: 'For a day', hint: 'time to put the new one in place' },
  { value: '168', name: 'For a week' },
  { value: '0', name: 'Not at all', hint: 'if it has leaked' },
] as const;

function RotateDialog({ apiKey, onMade, onClose }: OfKey & { readonly onMade: OnMade }) {
  const [hours, setHours] = useState<(typeof overlaps)[number]['value']>('24');
  return (
    <FormDialog
      title={`Replace “${apiKey.name}”`}
      action="Make the new key"
      staysOpen
      onSend={async () =>
        onMade(
          await rotateKey(apiKey.id, Number(hours)),
          hours === '0' ? 'The old key is revoked.' : 'The old key still works for now.',
        )
      }
      onClose={onClose}
    >
      <p className="text-fg-2">
        A new key takes its place, with the same name and scopes. It also reads the logs of the old
        one.
      </p>
      <RadioGroup
        label="The old key still works"
        value={hours}
        onChange={setHours}
        options={overlaps}
      />
    </FormDialog>
  );
}

function RevokeDialog({ apiKey, onClose }: OfKey) {
  const [cancelsRuns, setCancelsRuns] = useState(false);
  return (
    <ConfirmDialog
      title={`Revoke “${apiKey.name}”?`}
      action="Revoke"
      onConfirm={async () => {
        await revokeKey(apiKey.id, cancelsRuns);
        toast(`“${apiKey.name}” is revoked`);
      }}
      onClose={onClose}
    >
      <p>
        Programs that use <code className="font-mono text-xs">{apiKey.hint}</code> are refused from
        now on. A revoked key does not come back.
      </p>
      <Checkbox checked={cancelsRuns} onChange={setCancelsRuns}>
        Cancel its runs that are under way, too
      </Checkbox>
    </ConfirmDialog>
  );
}
