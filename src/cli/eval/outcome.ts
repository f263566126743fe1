import { exitCodes } from './exit-codes.ts';

/** One check of a Run, as the API tells it. */
export interface Check {
  readonly evaluator: string | null;
  readonly rule: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly passed: boolean;
  readonly note: string | null;
}

/** How an Evaluation ended. */
export interface EvalOutcome {
  readonly name: string;
  readonly evaluation_id: string;
  readonly run_id: string;
  readonly url: string;
  readonly status: string;
  /** Why the Run did not end by itself; null when it did. */
  readonly reason: string | null;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** The report of the server, a table. */
  readonly report: string;
  /** The statistics of the Run, as the API tells them. */
  readonly stats: unknown;
  readonly seconds: number;
}

/** The exit code for an outcome. */
export function exitCodeFor({ status, checks, passed }: EvalOutcome): number {
  const hasTooManyErrors = checks.some((check) => check.rule === 'max_errors' && !check.passed);
  if (status !== 'completed' || hasTooManyErrors) return exitCodes.unfinished;
  return passed ? exitCodes.passed : exitCodes.failed;
}

/** `QA/correct: min 0.9` */
export function checkName({ evaluator, rule, threshold }: Check): string {
  return `${evaluator === null ? '' : `${evaluator}: `}${rule} ${threshold}`;
}

/** `0.867`; `unknown` when nothing is known. */
export function valueText(value: number | null): string {
  return value === null ? 'unknown' : String(Math.round(value * 10_000) / 10_000);
}
