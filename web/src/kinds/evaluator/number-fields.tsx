import { useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import type { EvaluatorFields } from './evaluator-fields.ts';
import { valences } from './valences.ts';

type Limits = EvaluatorFields['limits'];

const limits = [
  { name: 'min', label: 'Least' },
  { name: 'max', label: 'Most' },
  { name: 'step', label: 'Step' },
] as const;

/** Which numbers are judgments, and whether high ones are good. */
export function NumberFields({
  fields,
  onChange,
}: {
  readonly fields: EvaluatorFields;
  readonly onChange: (changes: Partial<EvaluatorFields>) => void;
}) {
  const set = (name: keyof Limits, limit: number | undefined) => {
    const { [name]: _, ...others } = fields.limits;
    onChange({ limits: limit === undefined ? others : { ...others, [name]: limit } });
  };
  return (
    <div className="grid grid-cols-2 items-start gap-3 @md:grid-cols-4">
      {limits.map(({ name, label }) => (
        <LimitField
          key={name}
          label={label}
          value={fields.limits[name]}
          onChange={(limit) => set(name, limit)}
        />
      ))}
      <Field label="A high number is">
        {(attributes) => (
          <Select
            {...attributes}
            value={fields.numberValence ?? ''}
            choices={valences}
            onChange={(valence) => onChange({ numberValence: valence || undefined })}
          />
        )}
      </Field>
    </div>
  );
}

function LimitField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}) {
  const [typed, setTyped] = useState(() => String(value ?? ''));
  const isNumber = typed.trim() === '' || Number.isFinite(Number(typed));
  const shows = isNumber && numberIn(typed) !== value ? String(value ?? '') : typed;
  return (
    <Field label={label} hint="May be left out." fault={isNumber ? undefined : 'Not a number.'}>
      {(attributes) => (
        <Input
          {...attributes}
          inputMode="decimal"
          className="num"
          value={shows}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange(numberIn(target.value));
          }}
        />
      )}
    </Field>
  );
}

function numberIn(text: string): number | undefined {
  return text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
}
