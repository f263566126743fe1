import { useEffect, useState } from 'react';
import { unread } from '../../forms/unread.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { fieldLabels } from '../spec/field-text.ts';
import { type FieldName, fieldOf } from '../spec/spec.ts';
import { useForm } from './form-context.ts';

/** A number of the version; empty leaves it out. What is no number is said, and changes nothing; nothing is sent then. */
export function NumberField({
  name,
  isWhole = false,
  whenLeftOut = 'Default',
  hint,
}: {
  readonly name: FieldName;
  readonly isWhole?: boolean;
  readonly whenLeftOut?: string;
  readonly hint?: string;
}) {
  const { spec, set, faultAt } = useForm();
  const value = fieldOf(spec, name);
  const [text, setText] = useState(() => textOf(value));
  useEffect(() => {
    // It was changed elsewhere: in the raw file, or by a merge.
    setText((now) => (numberIn(now, isWhole) === (value ?? undefined) ? now : textOf(value)));
  }, [value, isWhole]);
  const isWrong = numberIn(text, isWhole) === null;
  return (
    <Field
      label={fieldLabels[name]}
      hint={hint}
      fault={isWrong ? `This is no ${isWhole ? 'whole ' : ''}number` : faultAt(name)}
    >
      {(attributes) => (
        <Input
          {...attributes}
          {...unread(isWrong)}
          className="num"
          inputMode={isWhole ? 'numeric' : 'decimal'}
          placeholder={whenLeftOut}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            const next = numberIn(target.value, isWhole);
            if (next !== null) set(name, next);
          }}
        />
      )}
    </Field>
  );
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

/** @returns undefined for no text, null for what is no such number. */
function numberIn(text: string, isWhole: boolean): number | undefined | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) && (!isWhole || Number.isInteger(number)) ? number : null;
}
