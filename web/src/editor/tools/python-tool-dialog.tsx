import { useState } from 'react';
import { sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import { CodeField } from '../../code/code-field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { ParameterRows } from './parameter-rows.tsx';
import { type Parameter, writeParameters } from './parameters.ts';

const example = `def run(text):
    return text.upper()
`;

/** Asks for a tool that this server runs, and makes its file. */
export function PythonToolDialog({
  directory,
  onMade,
  onClose,
}: {
  /** Where its file will be; empty: at the top. */
  readonly directory: string;
  readonly onMade: (file: FileResponse) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [code, setCode] = useState(example);
  const [parameters, setParameters] = useState<readonly Parameter[]>([
    { name: 'text', type: 'string', description: '', isRequired: true, options: [] },
  ]);
  const make = async () => {
    const file = await sendJson<FileResponse>('POST', '/v5/tools', {
      path: directory ? `${directory}/${name.trim()}` : name.trim(),
      source_code: code,
      function: { name: name.trim(), description, parameters: writeParameters(parameters) },
    });
    onMade(file);
  };
  return (
    <FormDialog
      title="New Python tool"
      action="Make and link"
      isReady={name.trim() !== ''}
      onSend={make}
      onClose={onClose}
    >
      <Field label="Name" hint={`Its file will be in ${directory || 'the top directory'}.`}>
        {(attributes) => (
          <Input
            {...attributes}
            className="font-mono text-xs"
            spellCheck={false}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Description" hint="The model reads it to know when to call the tool.">
        {(attributes) => (
          <Input
            {...attributes}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
      <div className="grid gap-1">
        <h3 className="text-xs font-medium text-fg-2">Parameters</h3>
        <ParameterRows
          parameters={parameters}
          member="parameter"
          whenEmpty="It is called without arguments."
          onChange={setParameters}
        />
      </div>
      <div className="grid gap-1">
        <h3 className="text-xs font-medium text-fg-2">Code</h3>
        <CodeField
          label="Code"
          language="python"
          value={code}
          onChange={setCode}
          className="max-h-72"
        />
        <p className="text-xs text-fg-3">
          The last function is called, with the arguments by their names. It runs in a sandbox,
          without network.
        </p>
      </div>
    </FormDialog>
  );
}
