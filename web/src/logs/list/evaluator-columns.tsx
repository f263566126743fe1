import type { Column } from './columns.tsx';
import type { LogRow, RowJudgment } from './list-queries.ts';

/** A column for each evaluator that has judged one of these logs. */
export function evaluatorColumns(rows: readonly LogRow[]): readonly Column[] {
  const names = new Map<string, string>();
  for (const { judgments = [] } of rows) {
    for (const { evaluator_id: id, evaluator_name: name } of judgments) names.set(id, name);
  }
  return [...names].toSorted(([, a], [, b]) => a.localeCompare(b)).map(evaluatorColumn);
}

function evaluatorColumn([evaluatorId, name]: readonly [string, string]): Column {
  const judgmentsOf = ({ judgments = [] }: LogRow) =>
    judgments.filter(({ evaluator_id: id }) => id === evaluatorId);
  return {
    id: `score:${evaluatorId}`,
    name,
    width: 'minmax(4.5rem, 7rem)',
    isNumber: true,
    cell: (row) => {
      const judgments = judgmentsOf(row);
      const isFault = judgments.some(({ outcome }) => outcome === 'error');
      return (
        <span
          title={judgments.map(spoken).join('\n')}
          className={isFault ? 'block truncate text-err' : 'block truncate text-fg-2'}
        >
          {verdict(judgments)}
        </span>
      );
    },
    values: (row) =>
      judgmentsOf(row)
        .slice(0, 1)
        .map((judgment) => ({
          name,
          text: wordOf(judgment),
          shown: wordOf(judgment),
          ...(filterWord(judgment) && {
            include: { judgment: [`${evaluatorId}:${filterWord(judgment)}`] },
          }),
        })),
  };
}

/** What all judges together say: the mean of numbers, or what each said. */
function verdict(judgments: readonly RowJudgment[]): string {
  const values = judgments.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length > 0 && values.length === judgments.length) {
    return shownNumber(values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  return judgments.map(wordOf).join(', ');
}

function wordOf({ outcome, value, options }: RowJudgment): string {
  if (outcome === 'error') return 'Error';
  if (value !== null) return shownNumber(value);
  return options?.join(', ') ?? 'No judgment';
}

function spoken(judgment: RowJudgment): string {
  return judgment.judge === null ? wordOf(judgment) : `${judgment.judge}: ${wordOf(judgment)}`;
}

/** As the API has it in its filter of judgments. */
function filterWord({ outcome, value, options }: RowJudgment): string | undefined {
  if (outcome !== 'judged') return outcome;
  if (value !== null) return `>=${value}`;
  return options?.[0] === undefined ? undefined : `=${options[0]}`;
}

function shownNumber(value: number): string {
  return String(Number(value.toFixed(3)));
}
