import type { EvaluationStatus } from '../../contract/evaluation.ts';
import type { FileVersion, Member } from '../../files/file-version.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { RunCost } from '../cost-queries.ts';

/** A Run, as one Evaluation shows it. */
export interface EvaluationRun {
  readonly id: string;
  readonly dataset: FileVersion<'dataset'> | null;
  readonly version: FileVersion | null;
  /** True: the server makes the logs. */
  readonly orchestrated: boolean;
  readonly status: EvaluationStatus;
  readonly name: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** Why the server cancelled it. */
  readonly error: string | null;
  readonly createdAt: Timestamp;
  readonly createdBy: Member | null;
  /** When it came to the Evaluation. */
  readonly addedAt: Timestamp;
  /** Whether the Evaluation compares its other Runs with this one. */
  readonly isControl: boolean;
  readonly progress: RunProgress;
  readonly cost: RunCost;
}

/** How many things are wanted, how many are there, and how many of those have an error. */
export interface Progress {
  readonly wanted: number;
  readonly done: number;
  readonly failed: number;
}

/** How far a Run is: its logs, and the judgments of all Evaluations that it is in. */
export interface RunProgress {
  readonly logs: Progress;
  readonly judgments: Progress;
  /** Whose work is next; empty when the Run has ended. */
  readonly waitingFor: readonly ('server' | 'client' | 'people')[];
}
