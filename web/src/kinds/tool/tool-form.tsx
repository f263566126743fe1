import { CodeField } from '../../code/code-field.tsx';
import { type Faults, faultAt } from '../../editor/form/faults.ts';
import { SchemaEditor } from '../../editor/tools/schema-editor.tsx';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { AttributesField } from '../editor/attributes-field.tsx';
import type { EditedFields } from '../editor/use-fields.ts';
import { EnvironmentVariables } from './environment-variables.tsx';
import { FunctionFields } from './function-fields.tsx';
import { type ToolFields, toolTypes } from './tool-fields.ts';

const about: Partial<Record<ToolFields['type'], string>> = {
  python: 'The server runs it in a sandbox, when you call it and when an agent that links it does.',
  json_schema: 'Models are told of it. An agent that calls it waits for your own code to answer.',
};

/** The fields of a tool. */
export function ToolForm({
  edited: { version, fields, change },
  faults,
}: {
  readonly edited: EditedFields<ToolFields>;
  readonly faults: Faults;
}) {
  const mayWrite = useMay('write');
  const { type, function: described, sourceCode } = fields;
  const known = toolTypes.filter(
    ({ value }) => value === type || value === 'python' || value === 'json_schema',
  );
  const codeFault = faultAt(faults, 'source_code');
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`Configuration of ${version.name}`}
      className="@container min-h-0 min-w-0 flex-1 overflow-y-auto -outline-offset-2"
    >
      <div className="mx-auto grid max-w-190 gap-6 p-4">
        <Field
          label="What it is"
          hint={about[type] ?? 'It is stored. This server does not run tools of this type.'}
          fault={faultAt(faults, 'tool_type')}
        >
          {(attributes) => (
            <Select
              {...attributes}
              value={type}
              choices={known}
              onChange={(next) => change({ type: next })}
            />
          )}
        </Field>
        <section aria-labelledby="tool-function" className="grid gap-3">
          <h2 id="tool-function" className="font-medium">
            What models are told of it
          </h2>
          {described ? (
            <FunctionFields
              described={described}
              faults={faults}
              onChange={(next) => change({ function: next })}
            />
          ) : (
            <>
              <p className="text-fg-3">
                Nothing. Without a name, a description and parameters a model has to guess.
              </p>
              <div>
                <Button onClick={() => change({ function: newFunction(version.name) })}>
                  Describe it
                </Button>
              </div>
            </>
          )}
        </section>
        {(type !== 'python' || fields.resultSchema) && (
          <section aria-labelledby="tool-result" className="grid gap-1.5">
            <h2 id="tool-result" className="font-medium">
              What it answers
            </h2>
            <SchemaEditor
              title="Result"
              member="field"
              whenEmpty="Any text. With fields, who answers by hand gets a form."
              schema={fields.resultSchema}
              fault={faultAt(faults, 'result_schema')}
              onChange={(resultSchema) => change({ resultSchema })}
            />
          </section>
        )}
        {(type === 'python' || sourceCode !== '') && (
          <section aria-labelledby="tool-code" className="grid gap-1.5">
            <h2 id="tool-code" className="font-medium">
              Code
            </h2>
            <p className="text-xs text-fg-3">
              The last function at the top level is called, with the arguments by their names. What
              it returns is the result; what it prints is shown beside it.
            </p>
            <CodeField
              label="Code"
              language="python"
              value={sourceCode}
              className="max-h-[60vh] [&_.cm-content]:min-h-32"
              onChange={(next) => change({ sourceCode: next })}
            />
            {codeFault && <p className="text-xs text-err">{codeFault}</p>}
          </section>
        )}
        {type === 'python' && mayWrite && <EnvironmentVariables toolId={version.id} />}
        {Object.keys(fields.setupValues).length > 0 && (
          <AttributesField
            label="Set-up values"
            value={fields.setupValues}
            onChange={(setupValues) => change({ setupValues })}
          />
        )}
        <AttributesField
          label="Attributes"
          value={fields.attributes}
          onChange={(attributes) => change({ attributes })}
        />
      </div>
    </div>
  );
}

function newFunction(name: string): NonNullable<ToolFields['function']> {
  return {
    name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    description: '',
    parameters: { type: 'object', properties: {} },
  };
}
