import { useId } from 'react';
import { FormOrJson } from '../ui/form-or-json.tsx';
import type { Faults } from './form-value.ts';
import { JsonField } from './json-field.tsx';
import { SchemaField } from './schema-field.tsx';
import type { SchemaFormState } from './use-schema-form.ts';

/** A value to be given: as fields, or as JSON. Its state comes from `useSchemaForm`. */
export function SchemaForm({
  label,
  form,
}: {
  /** What is given: the name of the form. */
  readonly label: string;
  readonly form: SchemaFormState;
}) {
  const id = useId();
  const { field, value, faults, isJson } = form;
  const hasFields = field.type !== 'json';
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-2">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h3 id={id} className="text-2xs font-medium text-fg-3">
          {label}
        </h3>
        {hasFields && <FormOrJson label="Write it as" isJson={isJson} onChange={form.showJson} />}
      </div>
      {isJson || !hasFields ? (
        <JsonField
          label={label}
          isLabelHidden
          value={value}
          onChange={form.change}
          fault={sentenceOf(faults)}
        />
      ) : (
        <SchemaField field={field} path="" value={value} faults={faults} onChange={form.change} />
      )}
    </section>
  );
}

/** All faults with their places, for a value that is one text. */
function sentenceOf(faults: Faults): string | undefined {
  const lines = Object.entries(faults).map(([path, fault]) =>
    path === '' ? fault : `${path.slice(1)}: ${fault}`,
  );
  return lines.length > 0 ? lines.join(' ') : undefined;
}
