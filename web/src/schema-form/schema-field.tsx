import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { type FieldProps, nameOf } from './field-props.ts';
import { type FieldSchema, isObject } from './field-schema.ts';
import { memberPath, standardValue } from './form-value.ts';
import { JsonField } from './json-field.tsx';
import { BooleanField, ChoiceField, NumberField, TextField } from './plain-fields.tsx';

/** One field of a form, with those in it. */
export function SchemaField({ field, ...rest }: FieldProps) {
  switch (field.type) {
    case 'text':
      return <TextField {...rest} field={field} />;
    case 'number':
      return <NumberField {...rest} field={field} />;
    case 'boolean':
      return <BooleanField {...rest} field={field} />;
    case 'choice':
      return <ChoiceField {...rest} field={field} />;
    case 'list':
      return <ListField {...rest} field={field} />;
    case 'group':
      return <GroupField {...rest} field={field} />;
    case 'json':
      return (
        <JsonField
          label={nameOf(field)}
          description={field.description}
          value={rest.value}
          fault={rest.faults[rest.path]}
          onChange={rest.onChange}
        />
      );
  }
}

/** The members of an object. The outermost one has no frame: the form has its name. */
function GroupField({ field, path, value, faults, onChange }: FieldProps<'group'>) {
  const members = isObject(value) ? value : {};
  const change = (name: string, member: unknown) => {
    const { [name]: _, ...others } = members;
    const next = member === undefined ? others : { ...members, [name]: member };
    const isEmpty = Object.keys(next).length === 0;
    onChange(isEmpty && !field.isRequired ? undefined : next);
  };
  const fields = Object.entries(field.fields).map(([name, one]) => (
    <SchemaField
      key={name}
      field={one}
      path={memberPath(path, name)}
      value={Object.hasOwn(members, name) ? members[name] : undefined}
      faults={faults}
      onChange={(member) => change(name, member)}
    />
  ));
  if (fields.length === 0) return <p className="text-xs text-fg-3">Nothing is asked for.</p>;
  if (path === '') return <div className="grid gap-3">{fields}</div>;
  return (
    <Framed field={field} fault={faults[path]}>
      {fields}
    </Framed>
  );
}

/** The items of an array. */
function ListField({ field, path, value, faults, onChange }: FieldProps<'list'>) {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const remove = (index: number) => {
    const next = items.toSpliced(index, 1);
    onChange(next.length === 0 && !field.isRequired ? undefined : next);
  };
  return (
    <Framed field={field} fault={faults[path]}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no other name than their place
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <SchemaField
              field={{ ...field.item, label: `Item ${index + 1}` }}
              path={memberPath(path, index)}
              value={item ?? undefined}
              faults={faults}
              onChange={(next) => onChange(items.with(index, next ?? null))}
            />
          </div>
          <IconButton
            label={`Remove item ${index + 1}`}
            className="mt-5"
            onClick={() => remove(index)}
          >
            <X className="size-3.5" />
          </IconButton>
        </div>
      ))}
      <Button
        size="small"
        className="justify-self-start"
        onClick={() => onChange([...items, newItem(field.item)])}
      >
        <Plus aria-hidden className="size-3" />
        Add an item
      </Button>
    </Framed>
  );
}

function Framed({
  field,
  fault,
  children,
}: {
  readonly field: FieldSchema;
  readonly fault: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="grid min-w-0 gap-2.5 border-l border-line-strong pl-3">
      <legend className="-ml-3 pb-1 text-xs font-medium text-fg-2">{nameOf(field)}</legend>
      {field.description && <p className="text-xs text-fg-3">{field.description}</p>}
      {fault && <p className="text-xs text-err">{fault}</p>}
      {children}
    </fieldset>
  );
}

/** What an item is until something is given for it. An empty text is one. */
function newItem(item: FieldSchema): unknown {
  return standardValue(item) ?? (item.type === 'text' && item.format === 'text' ? '' : null);
}
