import type { AgreementResponse } from '../../contract/agreement.ts';
import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';
import { invalid } from '../../kernel/errors.ts';
import type { CountedJudgment } from './agreement-queries.ts';

type Said = Pick<CountedJudgment, 'value' | 'options'>;

/** What the judgments of a return type are, for comparisons. */
export interface Scale {
  readonly returnType: AgreementResponse['return_type'];
  /** True: close judgments agree more than distant ones. */
  readonly isNumeric: boolean;
  /** The order in which labels are shown; others come after them. */
  readonly labels: readonly string[];
  /** Equal for equal judgments. */
  readonly labelOf: (said: Said) => string;
  /** The judgment as it was logged. */
  readonly judgmentOf: (said: Said) => boolean | number | string | string[] | null;
}

/** @throws `invalid` for an evaluator of texts: no two texts are the same judgment. */
export function scaleOf(
  { return_type: returnType, options }: EvaluatorDetails,
  loc: readonly string[],
): Scale {
  const names = (options ?? []).map(({ name }) => name);
  switch (returnType) {
    case 'boolean':
      return {
        returnType,
        isNumeric: false,
        labels: ['true', 'false'],
        labelOf: ({ value }) => String(value === 1),
        judgmentOf: ({ value }) => value === 1,
      };
    case 'number':
      return {
        returnType,
        isNumeric: true,
        labels: [],
        labelOf: ({ value }) => String(value),
        judgmentOf: ({ value }) => value,
      };
    case 'select':
      return {
        returnType,
        isNumeric: false,
        labels: names,
        labelOf: ({ options }) => options?.[0] ?? '',
        judgmentOf: ({ options }) => options?.[0] ?? null,
      };
    case 'multi_select':
      return {
        returnType,
        isNumeric: false,
        labels: [],
        labelOf: ({ options }) => (options ?? []).toSorted().join(', '),
        judgmentOf: ({ options }) => [...(options ?? [])],
      };
    case 'text':
      throw invalid(loc, 'Agreement is not defined for evaluators that return texts.');
  }
}

/**
 * What two evaluators say of one log: the mean of numbers, or the label that most judges gave.
 *
 * @returns undefined when one of them did not judge the log, or its judges are divided.
 */
export function comparedValues(
  scale: Scale,
  one: readonly CountedJudgment[],
  other: readonly CountedJudgment[],
): readonly [string | number, string | number] | undefined {
  const summary = scale.isNumeric
    ? meanOf
    : (said: readonly CountedJudgment[]) => most(scale, said);
  const [first, second] = [summary(one), summary(other)];
  return first === undefined || second === undefined ? undefined : [first, second];
}

function meanOf(said: readonly CountedJudgment[]): number | undefined {
  if (said.length === 0) return undefined;
  return said.reduce((sum, { value }) => sum + (value ?? 0), 0) / said.length;
}

function most({ labelOf }: Scale, said: readonly CountedJudgment[]): string | undefined {
  const [first, second] = [...Map.groupBy(said, labelOf)]
    .map(([label, some]) => ({ label, count: some.length }))
    .toSorted((a, b) => b.count - a.count);
  return first?.count === second?.count ? undefined : first?.label;
}
