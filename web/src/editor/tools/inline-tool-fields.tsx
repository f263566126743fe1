import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { useForm } from '../form/form-context.ts';
import { SchemaEditor } from './schema-editor.tsx';
import { functionPlaceOf, type InlineTool } from './tool-entries.ts';

/** A function as models are told of it, and what its client answers. */
export function InlineToolFields({
  tool,
  place,
  onChange,
}: {
  readonly tool: InlineTool;
  readonly place: string;
  readonly onChange: (tool: InlineTool) => void;
}) {
  const { spec, faultAt } = useForm();
  const { json_schema: described, result_schema: result } = tool;
  const functionPlace = functionPlaceOf(spec, place);
  const describe = (changes: Partial<typeof described>) =>
    onChange({ ...tool, json_schema: { ...described, ...changes } });
  return (
    <>
      <Field label="Name" fault={faultAt(`${functionPlace}.name`)}>
        {(attributes) => (
          <Input
            {...attributes}
            className="font-mono text-xs"
            spellCheck={false}
            value={described.name}
            onChange={({ target }) => describe({ name: target.value })}
          />
        )}
      </Field>
      <Field
        label="Description"
        hint="The model reads it to know when to call the tool."
        fault={faultAt(`${functionPlace}.description`)}
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            value={described.description}
            onChange={({ target }) => describe({ description: target.value })}
          />
        )}
      </Field>
      <SchemaEditor
        title="Parameters"
        member="parameter"
        whenEmpty="It is called without arguments."
        schema={described.parameters ?? undefined}
        fault={faultAt(`${functionPlace}.parameters`)}
        onChange={(parameters) => describe({ parameters: parameters ?? null })}
      />
      {spec.kind === 'agent' && tool.on_agent_call !== 'stop' && (
        <SchemaEditor
          title="Result"
          member="field"
          whenEmpty="Any text. With fields, who answers by hand gets a form."
          schema={result ?? undefined}
          fault={faultAt(`${place}.result_schema`)}
          onChange={(next) => onChange({ ...tool, result_schema: next ?? null })}
        />
      )}
    </>
  );
}
