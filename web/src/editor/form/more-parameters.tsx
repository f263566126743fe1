import { useState } from 'react';
import { goToUnread } from '../../forms/unread.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { Twist } from '../../ui/twist.tsx';
import { type FieldName, fieldOf } from '../spec/spec.ts';
import { useForm } from './form-context.ts';
import { JsonObjectField } from './json-object-field.tsx';
import { NumberField } from './number-field.tsx';
import { ResponseFormatField } from './response-format-field.tsx';

const names = [
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'response_format',
  'endpoint',
  'other',
  'attributes',
] as const satisfies readonly FieldName[];

/** What few versions say; folded, with how many of it are said. */
export function MoreParameters() {
  const { spec, faultAt } = useForm();
  const said = names.filter((name) => fieldOf(spec, name) !== undefined);
  const hasFault = names.some((name) => faultAt(name) !== undefined);
  // What is folded is not made: each field for JSON is an editor.
  const [isOpen, setOpen] = useState(false);
  const shows = isOpen || hasFault;
  return (
    <details
      className="group"
      open={shows}
      onToggle={({ currentTarget: details }) => {
        // A text that is no value is not folded away.
        details.open ||= details.querySelector('[data-unread]') !== null;
        setOpen(details.open);
        if (details.open) goToUnread(details);
      }}
    >
      <summary className="inline-flex min-h-6 list-none items-center gap-1.5 rounded-md text-xs text-fg-2 hover:text-fg coarse:min-h-10">
        <Twist isOpen={false} className="group-open:rotate-90" />
        More parameters
        {said.length > 0 && <span className="text-fg-3">{said.length} set</span>}
      </summary>
      {shows && <MoreFields />}
    </details>
  );
}

function MoreFields() {
  return (
    <div className="mt-2 grid gap-3">
      <div className="grid grid-cols-2 gap-3 @2xl:grid-cols-4">
        <NumberField name="top_p" />
        <NumberField name="presence_penalty" />
        <NumberField name="frequency_penalty" />
        <NumberField name="seed" isWhole />
      </div>
      <div className="grid gap-3 @md:grid-cols-2">
        <StopField />
        <EndpointField />
      </div>
      <ResponseFormatField />
      <ObjectField
        name="other"
        label="Other fields"
        hint="Sent to the provider as they are; `fallbacks` names models to call when this one fails."
      />
      <ObjectField
        name="attributes"
        label="Attributes"
        hint="Your own data, which tells versions apart. No model sees it."
      />
    </div>
  );
}

function StopField() {
  const { spec, set, faultAt } = useForm();
  const lines = [spec.stop ?? []].flat();
  return (
    <Field label="Stop sequences" hint="One on each line" fault={faultAt('stop')}>
      {(attributes) => (
        <TextArea
          {...attributes}
          className="font-mono text-xs"
          value={lines.join('\n')}
          onChange={({ target: { value } }) =>
            set('stop', value === '' ? undefined : value.split('\n'))
          }
        />
      )}
    </Field>
  );
}

const endpoints = [
  { value: 'chat', name: 'Chat' },
  { value: 'complete', name: 'Completion' },
  { value: 'edit', name: 'Edit' },
] as const;

function EndpointField() {
  const { spec, set, faultAt } = useForm();
  return (
    <Field label="Endpoint" fault={faultAt('endpoint')}>
      {(attributes) => (
        <Select
          {...attributes}
          className="w-full"
          value={spec.endpoint ?? 'chat'}
          choices={endpoints}
          onChange={(value) => set('endpoint', value === 'chat' ? undefined : value)}
        />
      )}
    </Field>
  );
}

function ObjectField({
  name,
  label,
  hint,
}: {
  readonly name: 'other' | 'attributes';
  readonly label: string;
  readonly hint: string;
}) {
  const { spec, set, faultAt } = useForm();
  return (
    <JsonObjectField
      label={label}
      hint={hint}
      fault={faultAt(name)}
      value={spec[name] ?? undefined}
      onChange={(value) => set(name, value)}
    />
  );
}
