import { Type } from 'typebox';
import type { ToolFunction } from '../../contract/chat.ts';
import {
  type ToolSpec,
  toolLogRequest,
  toolLogUpdate,
  toolSpec,
} from '../../contract/kinds/tool.ts';
import { nullable } from '../../contract/nullable.ts';
import type { FileVersion } from '../file-version.ts';
import { defineFileKind } from '../kind.ts';
import { presentFields } from '../present-fields.ts';

export const toolKind = defineFileKind({
  type: 'tool',
  collection: 'tools',
  idPrefix: 'tl',
  versionIdPrefix: 'tv',
  spec: toolSpec,
  canonicalSpec: ({ function: described, ...spec }) => ({
    ...(described ? { function: presentFields(described) } : {}),
    ...presentFields(spec),
    tool_type: spec.tool_type ?? (spec.source_code ? 'python' : 'json_schema'),
  }),
  inputNames: parameterNames,
  links: () => [],
  derived: {
    properties: { signature: nullable(Type.String()) },
    of: (spec) => ({ signature: printSignature(spec) }),
  },
  takesAsTool: () => 'anything',
  log: {
    request: toolLogRequest,
    update: toolLogUpdate,
    inline: 'tool',
    isAskedByInputs: true,
  },
});

/**
 * The function that a tool describes to models; undefined if it describes none, or if the file is
 * not a tool.
 */
export function describedFunction(file: FileVersion | undefined): ToolFunction | undefined {
  return file?.type === 'tool' ? (file.spec.function ?? undefined) : undefined;
}

/** The names of the arguments of a tool's function, in the order of its schema. */
function parameterNames(spec: ToolSpec): readonly string[] {
  const properties = spec.function?.parameters?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** `multiply(a, b)`; null if no function is described. */
function printSignature(spec: ToolSpec): string | null {
  return spec.function ? `${spec.function.name}(${parameterNames(spec).join(', ')})` : null;
}
