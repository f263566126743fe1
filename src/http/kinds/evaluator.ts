import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import type { HttpKind } from '../kind.ts';

/** Evaluators in the API: the routes that other kinds have, too. */
export const httpEvaluator: HttpKind<'evaluator'> = { kind: evaluatorKind };
