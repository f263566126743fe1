import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import { invalid } from '../../../kernel/errors.ts';
import { withDoubles } from '../../../kernel/exact-json.ts';

/** The most characters of a judgment that is a text. */
const longestText = 100_000;

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

/**
 * Why an evaluator cannot give a judgment, as a sentence; undefined when it can.
 *
 * @param judgment not null: every evaluator may abstain.
 */
export function judgmentFault(details: EvaluatorDetails, judgment: unknown): string | undefined {
  if (!isOfReturnType(details, judgment)) {
    return `A judgment of this evaluator must be ${returnTypes[details.return_type].words}.`;
  }
  switch (details.return_type) {
    case 'boolean':
      return undefined;
    case 'number':
      return limitFault(details, Number(judgment));
    case 'text':
      return (judgment as string).length > longestText
        ? `A judgment of this evaluator must have at most ${longestText} characters.`
        : undefined;
    case 'select':
      return optionFault(details, [judgment as string]);
    case 'multi_select':
      return repetitionFault(judgment as string[]) ?? optionFault(details, judgment as string[]);
  }
}

/** Whether a JSON value has the type of an evaluator's judgments. */
export function isOfReturnType({ return_type }: EvaluatorDetails, value: unknown): boolean {
  return returnTypes[return_type].has(value);
}

const isText = (value: unknown) => typeof value === 'string';

const returnTypes: Readonly<
  Record<EvaluatorDetails['return_type'], { readonly words: string; has(value: unknown): boolean }>
> = {
  boolean: { words: 'true or false', has: (value) => typeof value === 'boolean' },
  // Not NaN and not infinite: JSON has no such numbers, but `1e400` is read as infinity.
  number: { words: 'a number', has: (value) => Number.isFinite(withDoubles(value)) },
  text: { words: 'a text', has: isText },
  select: { words: 'one of its options', has: isText },
  multi_select: {
    words: 'a list of its options',
    has: (value) => Array.isArray(value) && value.every(isText),
  },
};

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

function repetitionFault(chosen: readonly string[]) {
  const twice = chosen.find((name, index) => chosen.indexOf(name) < index);
  return twice === undefined ? undefined : `The judgment has the option \`${twice}\` twice.`;
}

/** If an evaluator has no options, any text is valid. */
function optionFault({ options }: EvaluatorDetails, chosen: readonly string[]) {
  if (!options || options.length === 0) return undefined;
  const names = options.map(({ name }) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  return unknown === undefined ? undefined : `This evaluator has no option \`${unknown}\`.`;
}
