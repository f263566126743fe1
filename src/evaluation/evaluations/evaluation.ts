import type { EvaluationStatus } from '../../contract/evaluation.ts';
import type { FileVersion, Member } from '../../files/file-version.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** A named set of evaluators on a file. */
export interface Evaluation {
  readonly id: string;
  /** Null until a Run or a log gives it its file. */
  readonly fileId: string | null;
  readonly name: string | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly createdBy: Member | null;
  readonly runsCount: number;
  readonly status: EvaluationStatus;
  /** In the order in which they were added. */
  readonly evaluators: readonly EvaluationEvaluator[];
}

/** A version of an evaluator in an Evaluation. */
export interface EvaluationEvaluator {
  readonly version: FileVersion<'evaluator'>;
  /** True: the server judges. */
  readonly orchestrated: boolean;
  readonly addedAt: Timestamp;
}
