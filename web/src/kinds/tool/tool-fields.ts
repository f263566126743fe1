import type { components } from '../../api/schema.gen.ts';
import type { FileResponse } from '../../api/types.ts';
import type { Attributes } from '../editor/attribute-rows.ts';

type ToolSpec = components['schemas']['ToolKernelRequest'];

/** What defines a version of a tool. */
export interface ToolFields {
  readonly type: NonNullable<ToolSpec['tool_type']>;
  readonly function: components['schemas']['ToolFunction'] | undefined;
  /** Of what a person or your own code answers; undefined: any text. */
  readonly resultSchema: Attributes | undefined;
  readonly sourceCode: string;
  readonly setupValues: Attributes;
  readonly attributes: Attributes;
}

export function readTool(version: FileResponse): ToolFields {
  const tool = version.type === 'tool' ? version : undefined;
  return {
    type: tool?.tool_type ?? (tool?.source_code ? 'python' : 'json_schema'),
    function: tool?.function ?? undefined,
    resultSchema: tool?.result_schema ?? undefined,
    sourceCode: tool?.source_code ?? '',
    setupValues: tool?.setup_values ?? {},
    attributes: tool?.attributes ?? {},
  };
}

/** The fields by the names that the API has for them; empty ones are left out. */
export function writeTool(fields: ToolFields): ToolSpec {
  const { type, function: described, resultSchema, sourceCode, setupValues, attributes } = fields;
  return {
    tool_type: type,
    ...(described && { function: described }),
    ...(resultSchema && { result_schema: resultSchema }),
    ...(sourceCode !== '' && { source_code: sourceCode }),
    ...(Object.keys(setupValues).length > 0 && { setup_values: setupValues }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** The types that v5 has. This server runs Python; the others are stored, and your own code runs them. */
export const toolTypes: readonly { readonly value: ToolFields['type']; readonly name: string }[] = [
  { value: 'python', name: 'Python code' },
  { value: 'json_schema', name: 'A function that your own code runs' },
  { value: 'get_api_call', name: 'HTTP GET' },
  { value: 'google', name: 'Google search' },
  { value: 'pinecone_search', name: 'Pinecone search' },
  { value: 'snippet', name: 'Snippet' },
  { value: 'mock', name: 'Mock' },
];
