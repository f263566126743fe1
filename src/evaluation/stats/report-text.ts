import type { EvaluationNumbers, RunInNumbers } from './evaluation-stats.ts';
import type { EvaluatorNumbers } from './run-numbers.ts';
import type { AttachedEvaluator } from './scope-queries.ts';

/** The longest line, in characters. */
const lineLength = 200;
/** The most Runs beside the control. */
const mostRuns = 4;
const nothing = '–';

/**
 * The statistics as a table for people, with a column for each Run: the control, then the newest
 * ones, oldest first. The last line has the address of the Evaluation.
 */
export function reportText(numbers: EvaluationNumbers, url: string): string {
  const { scope } = numbers;
  const title = `📊 Evaluation results for ${scope.path ?? scope.name ?? scope.id}`;
  const runs = shownRuns(numbers);
  const table = runs.length === 0 ? ['No Runs yet.'] : boxed(rows(scope.evaluators, runs));
  return ['', title, ...table, '', `Navigate to Evaluation:  ${url}`].join('\n');
}

function shownRuns({ scope, runs }: EvaluationNumbers): readonly RunInNumbers[] {
  const newestFirst = scope.runs.flatMap(({ id }) => runs.find(({ run }) => run.id === id) ?? []);
  const control = newestFirst.filter(({ run }) => run.isControl);
  const others = newestFirst.filter(({ run }) => !run.isControl);
  return [...control, ...others.slice(0, mostRuns).reverse()];
}

function rows(
  evaluators: readonly AttachedEvaluator[],
  runs: readonly RunInNumbers[],
): readonly (readonly string[])[] {
  return [
    ['Version ID', ...runs.map(({ run }) => run.versionId ?? nothing)],
    ['Added', ...runs.map(({ run }) => run.addedAt.slice(0, 16).replace('T', ' '))],
    ...evaluators.map((evaluator, index) => [
      rowName(evaluator, evaluators),
      ...runs.map(({ numbers }) => outcomeText(evaluator, numbers.evaluators[index])),
    ]),
    ['Latency', ...runs.map(({ numbers }) => unitText(numbers.metrics.latency.mean, '', ' s'))],
    ['Cost', ...runs.map(({ numbers }) => unitText(numbers.metrics.cost.sum, '$', ''))],
  ];
}

/** The path; with the version, when several versions of one evaluator are attached. */
function rowName(
  { path, versionId }: AttachedEvaluator,
  evaluators: readonly AttachedEvaluator[],
): string {
  const isAlone = evaluators.filter((other) => other.path === path).length === 1;
  return isAlone ? path : `${path} ${versionId}`;
}

function outcomeText({ spec }: AttachedEvaluator, numbers: EvaluatorNumbers | undefined): string {
  if (!numbers) return nothing;
  const { judged, errors, mean, perOption } = numbers;
  const failed = errors === 0 ? '' : ` (${errors} err)`;
  const said = {
    boolean: () => (mean === null ? nothing : decimals(mean)),
    number: () => (mean === null ? nothing : decimals(mean)),
    select: () => mostChosen(perOption),
    multi_select: () => mostChosen(perOption),
    text: () => (judged === 0 ? nothing : `${judged} texts`),
  }[spec.return_type]();
  return `${said}${failed}`;
}

/** `good 8`: the option that was chosen most often, and how often. */
function mostChosen(perOption: EvaluatorNumbers['perOption']): string {
  const [first] = Object.entries(perOption ?? {}).sort(
    ([one, times], [other, otherTimes]) => otherTimes - times || (one < other ? -1 : 1),
  );
  return first ? first.join(' ') : nothing;
}

/** A number with the unit before or after it. */
function unitText(value: number | null, before: string, after: string): string {
  if (value === null) return nothing;
  // Costs are often far below a tenth of a cent.
  const text = value !== 0 && Math.abs(value) < 0.01 ? value.toPrecision(2) : decimals(value);
  return `${before}${text}${after}`;
}

/** At most three decimals: `0.667`, `7.5`. */
function decimals(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

/** Lines of a table with a frame, of at most {@link lineLength} characters. */
function boxed(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = rows[0]?.length ?? 0;
  const mostInCell = 30;
  const cells = rows.map(([name = '', ...others]) => [
    name,
    ...others.map((cell) => clipped(cell, mostInCell)),
  ]);
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const frame = 3 * columns + 1;
  const others = widths.slice(1).reduce((sum, width) => sum + width, 0);
  widths[0] = Math.min(widths[0] ?? 0, lineLength - frame - others);
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const lines = cells.map((row) => {
    const padded = widths.map((width, column) => clipped(row[column] ?? '', width).padEnd(width));
    return `| ${padded.join(' | ')} |`;
  });
  return [line, ...lines, line];
}

/** The end of a text that is too long: paths differ there. */
function clipped(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - length + 1)}`;
}
