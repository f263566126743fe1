import { useState } from 'react';
import { goToUnread } from '../../forms/unread.ts';
import { FormOrJson } from '../../ui/form-or-json.tsx';
import { JsonObjectField } from '../form/json-object-field.tsx';
import { ParameterRows } from './parameter-rows.tsx';
import { readParameters, writeParameters } from './parameters.ts';

type Schema = Record<string, unknown>;

/** The JSON schema of an object: a line for each member, or JSON for what lines cannot say. */
export function SchemaEditor({
  title,
  member,
  whenEmpty,
  schema,
  fault,
  onChange,
}: {
  /** `Parameters` */
  readonly title: string;
  /** What one of its members is called: `parameter`. */
  readonly member: string;
  /** What it means that there are none. */
  readonly whenEmpty: string;
  readonly schema: Schema | undefined;
  readonly fault: string | undefined;
  /** Told nothing for a schema without members. */
  readonly onChange: (schema: Schema | undefined) => void;
}) {
  const [wantsJson, setWantsJson] = useState(false);
  const parameters = readParameters(schema);
  const isJson = wantsJson || parameters === undefined;
  return (
    <div role="group" aria-label={title} className="grid gap-1.5">
      <div className="flex min-h-6 items-center justify-between">
        <h3 className="text-xs font-medium text-fg-2">{title}</h3>
        {parameters !== undefined && (
          <FormOrJson
            label={`Write the ${title.toLowerCase()} as`}
            isJson={isJson}
            onChange={(next) => goToUnread() || setWantsJson(next)}
          />
        )}
      </div>
      {isJson ? (
        <JsonObjectField
          label={`JSON schema of the ${title.toLowerCase()}`}
          value={schema}
          fault={fault}
          onChange={onChange}
        />
      ) : (
        <>
          <ParameterRows
            parameters={parameters}
            member={member}
            whenEmpty={whenEmpty}
            onChange={(next) => onChange(next.length > 0 ? writeParameters(next) : undefined)}
          />
          {fault && <p className="text-xs text-err">{fault}</p>}
        </>
      )}
    </div>
  );
}
