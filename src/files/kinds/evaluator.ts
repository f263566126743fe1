import {
  type EvaluatorDetails,
  evaluatorLogRequest,
  evaluatorSpec,
} from '../../contract/kinds/evaluator.ts';
import type { PromptSpec } from '../../contract/kinds/prompt.ts';
import { invalid } from '../../kernel/errors.ts';
import { defineFileKind } from '../kind.ts';
import { presentFields, presentFieldsBelow } from '../present-fields.ts';
import { checkJudgment } from './evaluator/check-judgment.ts';
import { modelInputNames, modelProviderPlaces } from './model-spec.ts';
import { canonicalPromptSpec, promptLinks } from './prompt.ts';

export const evaluatorKind = defineFileKind({
  type: 'evaluator',
  collection: 'evaluators',
  idPrefix: 'ev',
  versionIdPrefix: 'evv',
  spec: evaluatorSpec,
  canonicalSpec: ({ spec }) => ({ spec: canonicalDetails(spec) }),
  inputNames: ({ spec }) => {
    const prompt = promptIn(spec);
    return prompt ? modelInputNames(prompt) : [];
  },
  model: ({ spec }) => promptIn(spec),
  providers: ({ spec }) => {
    const prompt = promptIn(spec);
    return prompt ? modelProviderPlaces(prompt, ['spec', 'prompt']) : [];
  },
  links: ({ spec }) => {
    const prompt = promptIn(spec);
    return prompt ? promptLinks(prompt, ['spec', 'prompt']) : [];
  },
  takesAsTool: () => 'message',
  log: {
    request: evaluatorLogRequest,
    inline: 'spec',
    isJudgment: true,
    check: ({ spec }, { judgment }) => checkJudgment(spec, judgment),
  },
});

/** The prompt of an evaluator that judges by a model. */
function promptIn(details: EvaluatorDetails): PromptSpec | null | undefined {
  return details.evaluator_type === 'llm' ? details.prompt : undefined;
}

function canonicalDetails(details: EvaluatorDetails): Record<string, unknown> {
  const { options, number_limits: limits } = details;
  const prompt = promptIn(details);
  requireDistinctOptions(options ?? []);
  if (limits?.min != null && limits.max != null && limits.min > limits.max) {
    throw invalid(['body', 'spec', 'number_limits'], 'The limit `min` is greater than `max`.');
  }
  return {
    ...presentFields(details),
    ...(options ? { options: presentFieldsBelow(options) } : {}),
    ...(limits ? { number_limits: presentFields(limits) } : {}),
    ...(prompt ? { prompt: canonicalPromptSpec(prompt, ['spec', 'prompt']) } : {}),
  };
}

/** @throws `invalid` if two options have the same name: a judgment could mean either. */
function requireDistinctOptions(options: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  options.forEach(({ name }, index) => {
    if (seen.has(name)) {
      const loc = ['body', 'spec', 'options', index, 'name'];
      throw invalid(loc, `There are two options named \`${name}\`.`);
    }
    seen.add(name);
  });
}
