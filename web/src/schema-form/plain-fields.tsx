import { useId, useState } from 'react';
import { isExactNumber, parseExact } from '../json/exact-json.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { type FieldProps, nameOf } from './field-props.ts';
import { isSame } from './form-value.ts';

export function TextField({ field, path, value, faults, onChange }: FieldProps<'text'>) {
  // An empty text is a text, where one must be given.
  const change = (text: string) => onChange(text === '' && !field.isRequired ? undefined : text);
  const text = typeof value === 'string' ? value : '';
  return (
    <Field label={nameOf(field)} hint={field.description} fault={faults[path]}>
      {(attributes) =>
        field.format === 'date' ? (
          <Input
            {...attributes}
            type="date"
            value={text}
            onChange={({ target }) => onChange(target.value || undefined)}
          />
        ) : (
          <TextArea
            {...attributes}
            rows={1}
            value={text}
            onChange={({ target }) => change(target.value)}
          />
        )
      }
    </Field>
  );
}

export function NumberField({ field, path, value, faults, onChange }: FieldProps<'number'>) {
  const [typed, setTyped] = useState('');
  // What is typed may not be a number yet: `-`, `1.`
  const text = isSame(numberOf(typed), value) ? typed : textOf(value);
  return (
    <Field label={nameOf(field)} hint={field.description} fault={faults[path]}>
      {(attributes) => (
        <Input
          {...attributes}
          inputMode={field.isInteger ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange(numberOf(target.value));
          }}
          className="num"
        />
      )}
    </Field>
  );
}

export function BooleanField({ field, path, value, faults, onChange }: FieldProps<'boolean'>) {
  const name = useId();
  const fault = faults[path];
  const answers = [
    ['Yes', true],
    ['No', false],
    ...(field.isRequired ? [] : [['Not given', undefined] as const]),
  ] as const;
  return (
    <fieldset aria-describedby={fault || field.description ? `${name}-about` : undefined}>
      <legend className="text-xs font-medium text-fg-2">{nameOf(field)}</legend>
      <div className="flex flex-wrap gap-x-4">
        {answers.map(([says, answer]) => (
          <label key={says} className="flex min-h-7 items-center gap-2 coarse:min-h-10">
            <input
              type="radio"
              name={name}
              checked={value === answer}
              onChange={() => onChange(answer)}
              className="size-3.5 accent-accent"
            />
            {says}
          </label>
        ))}
      </div>
      {(fault || field.description) && (
        <p id={`${name}-about`} className={fault ? 'text-xs text-err' : 'text-xs text-fg-3'}>
          {fault ?? field.description}
        </p>
      )}
    </fieldset>
  );
}

export function ChoiceField({ field, path, value, faults, onChange }: FieldProps<'choice'>) {
  const chosen = field.options.findIndex((option) => isSame(option, value));
  return (
    <Field label={nameOf(field)} hint={field.description} fault={faults[path]}>
      {(attributes) => (
        <Select
          {...attributes}
          value={String(chosen)}
          choices={[
            { value: '-1', name: field.isRequired ? 'Choose…' : 'Not given' },
            ...field.options.map((option, index) => ({
              value: String(index),
              name: typeof option === 'string' ? option : JSON.stringify(option),
            })),
          ]}
          onChange={(index) => onChange(field.options[Number(index)])}
        />
      )}
    </Field>
  );
}

/** The number that a text is; the text, when it is none; undefined for nothing. */
function numberOf(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (isLong.test(trimmed)) return parseExact(trimmed);
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** A number that may have more digits than a double holds: it is sent as it was typed. */
const isLong = /^-?(?=(?:\.?\d){16})(?:0|[1-9]\d*)(?:\.\d+)?$/;

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return isExactNumber(value) ? JSON.stringify(value) : String(value);
}
