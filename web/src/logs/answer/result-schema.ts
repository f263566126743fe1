import type { FileResponse, LogResponse } from '../../api/types.ts';
import type { JsonSchema } from '../../schema-form/field-schema.ts';
import { fileOf } from '../page/log-file.ts';

type Tool = NonNullable<Extract<FileResponse, { type: 'agent' }>['tools']>[number];

/** A tool that a client answers: its name for models, and what is said of its results. */
interface Answered {
  readonly name: string | undefined;
  readonly result: JsonSchema | undefined;
}

/** What the agent of a log says of the results of a tool; undefined when it says nothing. */
export function resultSchemaOf(log: LogResponse, toolName: string): JsonSchema | undefined {
  const { file } = fileOf(log);
  if (file.type !== 'agent') return undefined;
  return (file.tools ?? []).map(answeredOf).find((tool) => tool?.name === toolName)?.result;
}

function answeredOf(tool: Tool): Answered | undefined {
  if (tool.type === 'inline') {
    return { name: tool.json_schema.name, result: tool.result_schema ?? undefined };
  }
  if (tool.type !== 'file') return undefined;
  const { file } = tool as { readonly file?: FileResponse };
  if (file?.type !== 'tool') return undefined;
  return { name: file.function?.name, result: file.result_schema ?? undefined };
}
