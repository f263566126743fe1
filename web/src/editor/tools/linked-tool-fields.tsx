import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FileResponse } from '../../api/types.ts';
import { fileEnvironmentsQuery, versionsQuery } from '../../files/file-queries.ts';
import { versionLabel } from '../../files/version-code.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from '../form/form-context.ts';
import type { LinkedTool } from './tool-entries.ts';

/** A link to a file: which version of it is called. */
export function LinkedToolFields({
  tool,
  file,
  place,
  onChange,
}: {
  readonly tool: LinkedTool;
  readonly file: FileResponse | undefined;
  readonly place: string;
  readonly onChange: (tool: LinkedTool) => void;
}) {
  const { spec, faultAt } = useForm();
  const { file_id: fileId, version_id: version, environment_id: environment } = tool.link;
  const { data: versions = [] } = useQuery(versionsQuery(fileId));
  const { data: environments = [] } = useQuery(fileEnvironmentsQuery(fileId));
  const chosen = version ? `v ${version}` : environment ? `e ${environment}` : '';
  const choices = [
    { value: '', name: 'The deployed one, in the default environment' },
    ...environments.map(({ id, name }) => ({
      value: `e ${id}`,
      name: `The one deployed to ${name}`,
    })),
    ...versions.map((one) => ({
      value: `v ${one.version_id}`,
      name: `Always ${versionLabel(one)}`,
    })),
  ];
  return (
    <>
      {file && (
        <p className="text-xs text-fg-2">
          <Link to="/f/$fileId" params={{ fileId }} className="text-accent hover:underline">
            {file.path}
          </Link>
          {file.type === 'tool' && file.function ? ` · ${file.function.description}` : ''}
        </p>
      )}
      {spec.kind === 'agent' && file?.type === 'tool' && file.tool_type !== 'python' && (
        <p className="text-xs text-fg-2">{answerOf(file)}</p>
      )}
      {spec.kind === 'agent' && (
        <Field label="Version" fault={faultAt(`${place}.link`)}>
          {(attributes) => (
            <Select
              {...attributes}
              className="w-full"
              value={chosen}
              choices={
                choices.some(({ value }) => value === chosen)
                  ? choices
                  : [...choices, { value: chosen, name: chosen.slice(2) }]
              }
              onChange={(value) =>
                onChange({
                  ...tool,
                  link: {
                    file_id: fileId,
                    ...(value.startsWith('v ') && { version_id: value.slice(2) }),
                    ...(value.startsWith('e ') && { environment_id: value.slice(2) }),
                  },
                })
              }
            />
          )}
        </Field>
      )}
      {spec.kind === 'prompt' && (
        <p className="text-xs text-fg-3">
          The version that is deployed to the default environment is used.
        </p>
      )}
    </>
  );
}

/** What a call of a tool that your own code runs is answered with. */
function answerOf({ result_schema: schema }: Extract<FileResponse, { type: 'tool' }>): string {
  const names = Object.keys((schema?.['properties'] as object | undefined) ?? {});
  if (!schema) return 'It is answered with any text. Its file can say which fields a result has.';
  return names.length > 0
    ? `It is answered with ${names.join(', ')}.`
    : 'It is answered with JSON.';
}
