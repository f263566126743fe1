import { amount } from '../../format/format.ts';
import type { RowJudgment } from './list-queries.ts';

/** What a judgment says, in a word. */
export function judgmentWord({ outcome, return_type, value, options }: RowJudgment): string {
  if (outcome === 'error') return 'Error';
  if (outcome === 'null') return 'No judgment';
  if (return_type === 'boolean') return value === 1 ? 'Yes' : 'No';
  if (return_type === 'text') return 'A text';
  if (value !== null) return amount(value);
  return options?.join(', ') || 'None';
}

/** What all judges together say: the mean of numbers, how many say yes, or what each said. */
export function verdict(judgments: readonly RowJudgment[]): string {
  const words = new Set(judgments.map(judgmentWord));
  if (words.size <= 1) return [...words].join('');
  const values = judgments.flatMap(({ value }) => (value === null ? [] : [value]));
  const sum = values.reduce((total, value) => total + value, 0);
  const areAll = (type: RowJudgment['return_type']) =>
    values.length === judgments.length && judgments.every((one) => one.return_type === type);
  if (areAll('number')) return amount(sum / values.length);
  if (areAll('boolean')) return `${sum} of ${values.length} yes`;
  return judgments.map(judgmentWord).join(', ');
}

/** A judgment as the filter of the API has it; undefined when there is none for it. */
export function judgmentFilter({
  outcome,
  return_type,
  value,
  options,
}: RowJudgment): string | undefined {
  if (outcome !== 'judged') return outcome;
  if (return_type === 'boolean') return String(value === 1);
  if (value !== null) return `>=${value}`;
  return options?.[0] === undefined ? undefined : `=${options[0]}`;
}

/** What a filter of the API asks of a judgment: `true`, `>=0.5`, `=glad`. */
export function filterWords(filter: string): string {
  const word = words[filter];
  if (word) return word;
  const [, sign = '', value = filter] = /^([<>]?=)(.*)$/s.exec(filter) ?? [];
  return `${signs[sign] ?? ''}${value}`;
}

const words: Readonly<Record<string, string>> = {
  true: 'Yes',
  false: 'No',
  error: 'Error',
  null: 'No judgment',
  any: 'Judged',
  none: 'Not judged',
};

const signs: Readonly<Record<string, string>> = { '>=': 'at least ', '<=': 'at most ' };
