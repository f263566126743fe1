import type { LogResponse } from '../../api/types.ts';
import type { JsonSchema } from '../../schema-form/field-schema.ts';
import { fileOf } from '../page/log-file.ts';

/** What the agent of a log says of the results of a tool; undefined when it says nothing. */
export function resultSchemaOf(log: LogResponse, toolName: string): JsonSchema | undefined {
  const { file } = fileOf(log);
  if (file.type !== 'agent') return undefined;
  for (const tool of file.tools ?? []) {
    if (tool.type === 'inline' && tool.json_schema.name === toolName) {
      return tool.result_schema ?? undefined;
    }
  }
  return undefined;
}
