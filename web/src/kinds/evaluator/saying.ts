import type { components } from '../../api/schema.gen.ts';

/** What an evaluator said of a log, in words. */
export interface Said {
  readonly type: 'judgment' | 'error';
  readonly text: string;
  /** Why, what went wrong, or what the code printed. */
  readonly more: string | undefined;
}

/** @param log the judgment as a log. */
export function sayingOf(log: components['schemas']['EvaluatorLogResponse'] | undefined): Said {
  if (!log) return { type: 'error', text: 'Error', more: undefined };
  const { judgment, error, output, stdout } = log;
  if (error) return { type: 'error', text: 'Error', more: error };
  return { type: 'judgment', text: textOf(judgment), more: output || stdout || undefined };
}

function textOf(judgment: components['schemas']['EvaluatorLogResponse']['judgment']): string {
  if (judgment === null) return 'No judgment';
  if (typeof judgment === 'boolean') return judgment ? 'Yes' : 'No';
  return Array.isArray(judgment) ? judgment.join(', ') || 'None' : String(judgment);
}
