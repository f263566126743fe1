import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import type { HttpKind } from '../kind.ts';

/** Evaluators in the API. They have only shared routes. */
export const httpEvaluator: HttpKind<'evaluator'> = { kind: evaluatorKind };
