import type { Column } from './columns.tsx';
import { judgmentFilter, judgmentWord, verdict } from './judgment-words.ts';
import type { LogRow, RowJudgment } from './list-queries.ts';

/** A column for each evaluator that has judged one of these logs. */
export function evaluatorColumns(rows: readonly LogRow[]): readonly Column[] {
  const judged = new Map<string, RowJudgment>();
  for (const { judgments = [] } of rows) {
    for (const judgment of judgments) judged.set(judgment.evaluator_id, judgment);
  }
  return [...judged.values()]
    .toSorted((a, b) => a.evaluator_name.localeCompare(b.evaluator_name))
    .map(evaluatorColumn);
}

function evaluatorColumn({
  evaluator_id: evaluatorId,
  evaluator_name: name,
  return_type: type,
}: RowJudgment): Column {
  const judgmentsOf = ({ judgments = [] }: LogRow) =>
    judgments.filter(({ evaluator_id: id }) => id === evaluatorId);
  return {
    id: `score:${evaluatorId}`,
    name,
    width: 'minmax(4.5rem, 7rem)',
    isNumber: type === 'number',
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
          text: judgmentWord(judgment),
          shown: judgmentWord(judgment),
          ...(judgmentFilter(judgment) && {
            include: { judgment: [`${evaluatorId}:${judgmentFilter(judgment)}`] },
          }),
        })),
  };
}

function spoken(judgment: RowJudgment): string {
  return judgment.judge === null
    ? judgmentWord(judgment)
    : `${judgment.judge}: ${judgmentWord(judgment)}`;
}
