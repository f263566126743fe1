import { useMemo } from 'react';
import type { Spec } from '../spec/spec.ts';
import { type InputTexts, unknownVariables } from './inputs.ts';

/** Variables without a value. The same ones are the same set, so that no mark is drawn anew with each letter. */
export function useUnknownVariables(spec: Spec, inputs: InputTexts): ReadonlySet<string> {
  const names = [...unknownVariables(spec, inputs)].join('\n');
  return useMemo(() => new Set(names === '' ? [] : names.split('\n')), [names]);
}
