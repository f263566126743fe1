import { Type } from 'typebox';
import {
  linkedTool,
  type PromptSpec,
  promptLogRequest,
  promptLogUpdate,
  promptSpec,
} from '../../contract/kinds/prompt.ts';
import type { FileVersion } from '../file-version.ts';
import { defineFileKind, type Fields, type FileLink } from '../kind.ts';
import { presentFields } from '../present-fields.ts';
import {
  canonicalModelSpec,
  modelInputNames,
  modelProviderPlaces,
  modelTakes,
  requireDistinctNames,
} from './model-spec.ts';
import { describedFunction } from './tool.ts';

export const promptKind = defineFileKind({
  type: 'prompt',
  collection: 'prompts',
  idPrefix: 'pr',
  versionIdPrefix: 'prv',
  spec: promptSpec,
  canonicalSpec: (spec) => canonicalPromptSpec(spec),
  inputNames: modelInputNames,
  model: (spec) => spec,
  providers: (spec) => modelProviderPlaces(spec),
  links: (spec) => promptLinks(spec),
  linksEnd: true,
  takesAsTool: modelTakes,
  derived: {
    properties: { linked_tools: Type.Array(linkedTool) },
    of: (_, { files }) => ({ linked_tools: files.flatMap(linkedToolBody) }),
  },
  log: {
    request: promptLogRequest,
    update: promptLogUpdate,
    inline: 'prompt',
    turns: 'samples',
  },
  text: { toApiTool: (tool) => tool },
});

/**
 * The canonical form of a prompt. Evaluators contain a prompt in their specs.
 *
 * @param place the place of the prompt in the body.
 */
export function canonicalPromptSpec(
  spec: PromptSpec,
  place: readonly string[] = [],
): Record<string, unknown> {
  const tools = spec.tools ?? [];
  requireDistinctNames(
    tools.map(({ name }, index) => ({ name, loc: [...place, 'tools', index, 'name'] })),
  );
  const { linked_tools: linked, ...others } = spec;
  return {
    ...canonicalModelSpec(others),
    tools: tools.map(presentFields),
    ...(linked?.length ? { linked_tools: linked } : {}),
  };
}

/** A linked tool in an answer: its function or, if it describes none, its name and description. */
function linkedToolBody(tool: FileVersion | undefined): Fields[] {
  if (!tool) return [];
  const named = { name: tool.name, description: tool.description ?? '' };
  return [{ ...(describedFunction(tool) ?? named), id: tool.id, version_id: tool.versionId }];
}

/** The tools that a prompt links to. @param place of the prompt in the body. */
export function promptLinks(
  { linked_tools: linked }: PromptSpec,
  place: readonly string[] = [],
): readonly FileLink[] {
  return (linked ?? []).map((fileId, index) => ({
    fileId,
    versionId: undefined,
    environmentId: undefined,
    loc: [...place, 'linked_tools', index],
    types: ['tool'],
  }));
}
