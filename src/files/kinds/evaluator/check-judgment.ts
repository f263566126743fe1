import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import { invalid } from '../../../kernel/errors.ts';

/**
 * Checks that an evaluator can give a judgment: it has the return type, is one of the options, and
 * is within the limits.
 *
 * @throws `invalid` at `body.judgment`.
 */
export function checkJudgment(details: EvaluatorDetails, judgment: unknown): void {
  if (judgment === null || judgment === undefined) return;
  const fault = judgmentFault(details, judgment);
  if (fault !== undefined) throw invalid(['body', 'judgment'], fault);
}

function judgmentFault(details: EvaluatorDetails, judgment: unknown): string | undefined {
  switch (details.return_type) {
    case 'boolean':
      return typeof judgment === 'boolean'
        ? undefined
        : 'A judgment of this evaluator must be true or false.';
    case 'number':
      return typeof judgment === 'number'
        ? limitFault(details, judgment)
        : 'A judgment of this evaluator must be a number.';
    case 'text':
      return typeof judgment === 'string'
        ? undefined
        : 'A judgment of this evaluator must be a text.';
    case 'select':
      return typeof judgment === 'string'
        ? optionFault(details, [judgment])
        : 'A judgment of this evaluator must be one of its options.';
    case 'multi_select':
      return Array.isArray(judgment)
        ? optionFault(details, judgment)
        : 'A judgment of this evaluator must be a list of its options.';
  }
}

function limitFault({ number_limits: limits }: EvaluatorDetails, value: number) {
  const { min, max, step } = limits ?? {};
  if (typeof min === 'number' && value < min) return `The judgment must be at least ${min}.`;
  if (typeof max === 'number' && value > max) return `The judgment must be at most ${max}.`;
  if (typeof step !== 'number') return undefined;
  const steps = (value - (min ?? 0)) / step;
  // Compared with a tolerance, because 0.3 / 0.1 is 2.9999999999999996 in floating point.
  return Math.abs(steps - Math.round(steps)) < 1e-9
    ? undefined
    : `The judgment must be in steps of ${step}.`;
}

/** If an evaluator has no options, any text is valid. */
function optionFault({ options }: EvaluatorDetails, chosen: readonly string[]) {
  if (!options || options.length === 0) return undefined;
  const names = options.map(({ name }) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  return unknown === undefined ? undefined : `This evaluator has no option \`${unknown}\`.`;
}
