import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from './form-context.ts';
import { JsonObjectField } from './json-object-field.tsx';

const choices = [
  { value: 'text', name: 'Text' },
  { value: 'json_object', name: 'JSON' },
  { value: 'json_schema', name: 'JSON by a schema' },
] as const;

/** What form the answer has. */
export function ResponseFormatField() {
  const { spec, set, faultAt } = useForm();
  const format = spec.response_format ?? undefined;
  return (
    <>
      <Field label="Response format" fault={format ? undefined : faultAt('response_format')}>
        {(attributes) => (
          <Select
            {...attributes}
            value={format?.type ?? 'text'}
            choices={choices}
            onChange={(type) =>
              set('response_format', type === 'text' ? undefined : { ...format, type })
            }
          />
        )}
      </Field>
      {format?.type === 'json_schema' && (
        <JsonObjectField
          label="Schema of the answer"
          fault={faultAt('response_format')}
          value={format.json_schema ?? undefined}
          onChange={(schema) => set('response_format', { ...format, json_schema: schema ?? {} })}
        />
      )}
    </>
  );
}
