import type { Workspace } from '../../../database/workspace.ts';
import type { Datapoint } from '../../../files/datasets/datapoint-queries.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import type { Lane } from '../../../tools/python/python-call.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import type { JudgedLog } from './judged-log.ts';
import type { Verdict } from './verdict.ts';

/** The datapoint that a log was made for. */
export type Testcase = Omit<Datapoint, 'id'> & { readonly id: string | null };

/** A log to judge. */
export interface JudgeItem {
  readonly log: JudgedLog;
  /** Null: the log was not made for a datapoint. */
  readonly testcase: Testcase | null;
  /** A log that a model is to compare with this one. */
  readonly other?: JudgedLog;
}

/** How the judging of several logs is watched and ended. */
export interface Judging {
  /** `live`: somebody waits for the verdict. */
  readonly lane: Lane;
  /** Ends the judging. Items that were not told yet get no verdict. */
  readonly signal: AbortSignal;
  /** Receives the verdict on each item as soon as it is there. */
  told(index: number, verdict: Verdict): void;
}

/** Everything that a way of judging needs. */
export interface JudgeCall extends Judging {
  readonly parts: RuntimeParts;
  readonly workspace: Workspace;
  readonly version: FileVersion<'evaluator'>;
  readonly items: readonly JudgeItem[];
}
