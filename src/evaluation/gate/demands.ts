import type { GateRequest } from '../../contract/evaluation-gate.ts';
import type { AttachedEvaluator } from '../stats/scope-queries.ts';

/** What to demand, with the evaluators that the request names. */
export interface Demands extends Omit<GateRequest, 'min' | 'max_drop' | 'baseline'> {
  readonly min: readonly EvaluatorDemand[];
  readonly maxDrop: readonly EvaluatorDemand[];
}

export interface EvaluatorDemand {
  readonly evaluator: AttachedEvaluator;
  /** Its place among the evaluators of the Evaluation. */
  readonly index: number;
  readonly threshold: number;
}
