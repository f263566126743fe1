import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';

/** Which values of an evaluator are better; null when its version does not say. */
export function betterValues(spec: EvaluatorDetails): 'higher' | 'lower' | null {
  switch (spec.return_type) {
    case 'boolean': {
      // Without options, true is what is wanted.
      const valence = spec.options?.find(({ name }) => name.toLowerCase() === 'true')?.valence;
      return valence === 'negative' ? 'lower' : valence === 'neutral' ? null : 'higher';
    }
    case 'number':
      return { positive: 'higher', negative: 'lower', neutral: null }[
        spec.number_valence ?? 'neutral'
      ] as ReturnType<typeof betterValues>;
    case 'select':
    case 'multi_select':
      return positiveOptions(spec).length > 0 ? 'higher' : null;
    case 'text':
      return null;
  }
}

/** The options that count as 1 when an evaluator with options is compared; all others count as 0. */
export function positiveOptions({ options }: EvaluatorDetails): readonly string[] {
  return (options ?? []).flatMap(({ name, valence }) => (valence === 'positive' ? [name] : []));
}
