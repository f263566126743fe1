import { exitCodes } from './exit-codes.ts';
import { type EvalOutcome, exitCodeFor, valueText } from './outcome.ts';

/** An outcome as a comment in Markdown. */
export function markdownComment(outcome: EvalOutcome): string {
  const { name, url, checks, report, reason } = outcome;
  return [
    `### ${verdict(outcome)} ${escaped(name)}`,
    '',
    ...(reason === null ? [] : [escaped(reason), '']),
    ...(checks.length === 0 ? [] : [...checkTable(checks), '']),
    '```text',
    // A path of an evaluator cannot end the block: no line of the table begins with it.
    ...report.trim().split('\n').slice(0, -1),
    '```',
    '',
    `[All results](${url})`,
    '',
  ].join('\n');
}

function verdict(outcome: EvalOutcome): string {
  const code = exitCodeFor(outcome);
  if (code === exitCodes.passed) return '✅ Passed:';
  return code === exitCodes.failed ? '❌ Failed:' : '⚠️ Not finished:';
}

function checkTable(checks: EvalOutcome['checks']): readonly string[] {
  return [
    '| | check | value | threshold | |',
    '| --- | --- | --- | --- | --- |',
    ...checks.map(({ evaluator, rule, value, threshold, passed, note }) => {
      const cells = [
        passed ? '✅' : '❌',
        `${evaluator === null ? '' : `${escaped(evaluator)} `}\`${rule}\``,
        valueText(value),
        String(threshold),
        escaped(note ?? ''),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

/** A text that stays in its cell, and is no markup. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
