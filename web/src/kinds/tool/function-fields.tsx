import { type Faults, faultAt } from '../../editor/form/faults.ts';
import { SchemaEditor } from '../../editor/tools/schema-editor.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { ToolFields } from './tool-fields.ts';

type Described = NonNullable<ToolFields['function']>;

/** A function as models are told of it. */
export function FunctionFields({
  described,
  faults,
  onChange,
}: {
  readonly described: Described;
  readonly faults: Faults;
  readonly onChange: (described: Described) => void;
}) {
  return (
    <>
      <Field label="Name" fault={faultAt(faults, 'function.name')}>
        {(attributes) => (
          <Input
            {...attributes}
            className="font-mono text-xs"
            spellCheck={false}
            value={described.name}
            onChange={({ target }) => onChange({ ...described, name: target.value })}
          />
        )}
      </Field>
      <Field
        label="Description"
        hint="The model reads it to know when to call the tool."
        fault={faultAt(faults, 'function.description')}
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            value={described.description}
            onChange={({ target }) => onChange({ ...described, description: target.value })}
          />
        )}
      </Field>
      <SchemaEditor
        title="Parameters"
        member="parameter"
        whenEmpty="It is called without arguments."
        schema={described.parameters ?? undefined}
        fault={faultAt(faults, 'function.parameters')}
        onChange={(parameters) =>
          onChange({ ...described, parameters: parameters ?? { type: 'object', properties: {} } })
        }
      />
    </>
  );
}
