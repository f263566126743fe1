import { type Fact, group, isRecord, json, text, value } from './fact.ts';

type Tool = Readonly<Record<string, unknown>>;

/** A tool of an agent or a prompt, under its name. */
export function toolFacts(tool: Tool): readonly Fact[] {
  const read = readers[String(tool['type'])];
  return read ? read(tool) : functionFacts(tool, 'Inline');
}

const readers: Readonly<Record<string, (tool: Tool) => readonly Fact[]>> = {
  inline: (tool) =>
    functionFacts(tool['json_schema'], 'Inline', [
      ...group('Result', resultFacts(tool)),
      ...onCall(tool),
    ]),
  linked: ({ type: _, id, version_id: version, ...tool }) =>
    functionFacts(tool, 'Linked', [...value('File', id), ...value('Version', version)]),
  file: (tool) => {
    const { link, file } = tool;
    const { file_id: id, version_id: version, environment_id: environment } = recordOf(link);
    const { name, path } = recordOf(file);
    return group(typeof name === 'string' ? name : String(id), [
      ...value('Kind', 'Linked'),
      ...value('File', path ?? id),
      ...value('Version', version),
      ...value('Environment', environment),
      ...onCall(tool),
    ]);
  },
  mcp: (tool) => {
    const { url, headers } = recordOf(tool['server']);
    return group(String(url), [
      ...value('Kind', 'MCP server'),
      ...json('Headers', headers),
      ...json('Allowed tools', tool['allowed_tools']),
      ...onCall(tool),
    ]);
  },
};

function functionFacts(given: unknown, kind: string, more: readonly Fact[] = []): readonly Fact[] {
  const { name, description, strict, parameters, ...rest } = recordOf(given);
  return group(String(name), [
    ...value('Kind', kind),
    ...text('Description', description),
    ...value('Strict', strict),
    ...group('Parameters', parameterFacts(parameters)),
    ...json('More', Object.keys(rest).length > 0 ? rest : undefined),
    ...more,
  ]);
}

/** A line for each field of what is answered. */
export function resultFacts({ result_schema: schema }: Tool): readonly Fact[] {
  return parameterFacts(schema);
}

/** A line for each parameter: `text, required: The account.` */
function parameterFacts(parameters: unknown): readonly Fact[] {
  const { properties, required, type: _, ...rest } = recordOf(parameters);
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return [
    ...Object.entries(recordOf(properties)).flatMap(([name, schema]) =>
      value(name, parameterLine(recordOf(schema), needed.includes(name))),
    ),
    ...json('Besides', Object.keys(rest).length > 0 ? rest : undefined),
  ];
}

function parameterLine(schema: Tool, isRequired: boolean): string {
  const { type, description, enum: options, ...rest } = schema;
  const words = [
    Array.isArray(options) ? `one of ${options.join(', ')}` : [type].flat().join(' or ') || 'any',
    isRequired ? 'required' : 'optional',
    ...(Object.keys(rest).length > 0 ? [JSON.stringify(rest)] : []),
  ];
  const line = words.join(', ');
  return typeof description === 'string' ? `${line}: ${description}` : line;
}

function onCall({ on_agent_call: given }: Tool): readonly Fact[] {
  return value('On a call', given === 'stop' ? 'stop' : given === 'continue' ? 'go on' : undefined);
}

function recordOf(given: unknown): Tool {
  return isRecord(given) ? given : {};
}
