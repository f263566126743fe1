import { promptSpec } from '../../contract/kinds/prompt.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';
import { canonicalModelSpec, modelInputNames, requireDistinctNames } from './model-spec.ts';

export const promptKind = defineFileKind({
  type: 'prompt',
  collection: 'prompts',
  idPrefix: 'pr',
  versionIdPrefix: 'prv',
  spec: promptSpec,
  can: { call: true, log: true },
  canonicalSpec(spec) {
    const tools = spec.tools ?? [];
    requireDistinctNames(tools.map(({ name }, index) => ({ name, loc: ['tools', index, 'name'] })));
    return { ...canonicalModelSpec(spec), tools: tools.map(withoutNulls) };
  },
  inputNames: modelInputNames,
  links: (spec) =>
    (spec.linked_tools ?? []).map((fileId, index) => ({
      fileId,
      versionId: undefined,
      environmentId: undefined,
      loc: ['linked_tools', index],
    })),
  text: { toolOf: (tool) => tool },
});
