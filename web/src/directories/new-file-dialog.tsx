import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { FileKind } from '../api/types.ts';
import { KindIcon } from '../files/kind-icon.tsx';
import { kinds } from '../files/kinds.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { RadioGroup } from '../ui/radio-group.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { makeFile } from './make-file.ts';
import { starts } from './starts.ts';

/** Makes a file: of which kind, under which name, and with what it begins. */
export function NewFileDialog({
  directory,
  onClose,
}: {
  /** In which it is made. */
  readonly directory: { readonly id: string; readonly path: string };
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState<FileKind>('agent');
  const [name, setName] = useState('');
  const [begun, setBegun] = useState('');
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const start = starts[kind].find(({ value }) => value === begun) ?? starts[kind][0];
  const isReady = name.trim() !== '' && (!start?.isPasted || text.trim() !== '');
  const make = async () => {
    if (!start) return;
    const file = await makeFile(start, directory, { name, text });
    await navigate({ to: '/f/$fileId', params: { fileId: file.id } });
  };
  return (
    <FormDialog
      title="New file"
      action={`Make the ${kind}`}
      isReady={isReady}
      onSend={make}
      onClose={onClose}
    >
      <KindChoice value={kind} onChange={setKind} />
      <Field
        label="Name"
        hint={directory.path === '' ? 'At the top of all files.' : `In ${directory.path}.`}
      >
        {(attributes) => (
          <Input
            {...attributes}
            autoComplete="off"
            maxLength={255}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <RadioGroup
        label="It begins with"
        value={start?.value ?? ''}
        onChange={setBegun}
        options={starts[kind]}
      />
      {start?.isPasted && (
        <Field label={`Text of the .${kind} file`}>
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={8}
              spellCheck={false}
              className="font-mono text-xs"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

function KindChoice({
  value,
  onChange,
}: {
  readonly value: FileKind;
  readonly onChange: (kind: FileKind) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">Kind</legend>
      <div className="grid grid-cols-3 gap-1.5 max-sm:grid-cols-2">
        {(Object.keys(kinds) as FileKind[]).map((kind) => (
          <label
            key={kind}
            className="relative flex h-9 cursor-pointer items-center gap-2 rounded-md border border-line px-2.5 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent coarse:h-11"
          >
            <input
              type="radio"
              name={name}
              className="absolute inset-0 cursor-pointer appearance-none opacity-0"
              checked={kind === value}
              onChange={() => onChange(kind)}
            />
            <KindIcon kind={kind} />
            {kinds[kind].label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
