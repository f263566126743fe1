import {
  type PromptSpec,
  promptLogRequest,
  promptLogUpdate,
  promptSpec,
} from '../../contract/kinds/prompt.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';
import { canonicalModelSpec, modelInputNames, requireDistinctNames } from './model-spec.ts';

export const promptKind = defineFileKind({
  type: 'prompt',
  collection: 'prompts',
  idPrefix: 'pr',
  versionIdPrefix: 'prv',
  spec: promptSpec,
  canonicalSpec: (spec) => canonicalPromptSpec(spec),
  inputNames: modelInputNames,
  links: (spec) =>
    (spec.linked_tools ?? []).map((fileId, index) => ({
      fileId,
      versionId: undefined,
      environmentId: undefined,
      loc: ['linked_tools', index],
      types: ['tool'],
    })),
  log: { request: promptLogRequest, update: promptLogUpdate, inline: 'prompt' },
  text: { toolOf: (tool) => tool },
});

/**
 * The canonical form of a prompt, wherever it stands: evaluators have one inside.
 *
 * @param place of the prompt in the body.
 */
export function canonicalPromptSpec(
  spec: PromptSpec,
  place: readonly string[] = [],
): Record<string, unknown> {
  const tools = spec.tools ?? [];
  requireDistinctNames(
    tools.map(({ name }, index) => ({ name, loc: [...place, 'tools', index, 'name'] })),
  );
  const { linked_tools: linked, ...canonical } = canonicalModelSpec(spec) as PromptSpec;
  return {
    ...canonical,
    tools: tools.map(withoutNulls),
    ...(linked?.length ? { linked_tools: linked } : {}),
  };
}
