import { styleText } from 'node:util';
import type { RunStep, RunTree } from '../administration.ts';
import { clipText } from '../kernel/text.ts';
import { printable, printableLines } from './printable.ts';
import { aligned } from './table.ts';

/**
 * A run as a tree: one line for each step, clipped to `width` characters, then errors in full and
 * the total. The text is harmless for a terminal, whatever models and tools said.
 */
export function runText({ id, root, total }: RunTree, width: number): string {
  const steps = [...placeSteps(root)];
  const errors = new Set(steps.flatMap(({ step }) => step.error ?? []));
  const blocks = [
    `${styleText('bold', printable(id))}, started ${root.startedAt?.slice(0, 19).replace('T', ' ')} UTC`,
    rowsText(steps, width),
    ...[...errors].map((error) => styleText('red', `Error: ${printableLines(error)}`)),
    ...(root.state && Object.hasOwn(nextSteps, root.state) ? [nextSteps[root.state]] : []),
    totalText(total),
  ];
  return blocks.join('\n\n');
}

/** What the user can do with a run that has not ended. */
const nextSteps: Readonly<Record<string, string>> = {
  running: 'The run is in progress. Look again later, or follow it: GET /v5/logs/{log_id}/events.',
  suspended: 'The run waits for the results of your tools. Send them: POST /v5/agents/continue.',
  interrupted:
    'The run waits for the keys of its call. Send them: POST /v5/agents/continue, with provider_api_keys.',
};

interface Placed {
  readonly step: RunStep;
  /** The lines that connect it to the step above: `│  ├─ `. */
  readonly lead: string;
}

function* placeSteps(step: RunStep, lead = '', indent = ''): Generator<Placed> {
  yield { step, lead };
  for (const [index, child] of step.below.entries()) {
    const isLast = index === step.below.length - 1;
    yield* placeSteps(
      child,
      `${indent}${isLast ? '└─ ' : '├─ '}`,
      `${indent}${isLast ? '   ' : '│  '}`,
    );
  }
}

function rowsText(steps: readonly Placed[], width: number): string {
  const rows = aligned(steps.map(toCells), [2, 3, 4]);
  return rows
    .map(([name = '', kind = '', seconds = '', tokens = '', cost = ''], index) => {
      const { step, lead } = steps[index] as Placed;
      const columns = [name, kind, seconds, tokens, cost].join('  ');
      const message = clipText(saidText(step), Math.max(width - columns.length - 2, leastSaid));
      return [
        `${lead && styleText('dim', lead)}${styleText('bold', name.slice(lead.length))}`,
        isWaiting(step) ? styleText('yellow', kind) : kind,
        seconds,
        tokens,
        cost,
        message && styleText(step.error === null ? 'dim' : 'red', message),
      ]
        .join('  ')
        .trimEnd();
    })
    .join('\n');
}

/** The fewest characters of a message that are shown, even in a narrow terminal. */
const leastSaid = 20;

function toCells({ step, lead }: Placed): readonly string[] {
  const { name, kind, state, seconds, inputTokens, outputTokens, cost } = step;
  return [
    `${lead}${printable(name)}`,
    state === null || state === 'complete' ? kind : `${kind}, ${state}`,
    seconds === null ? '' : `${seconds.toFixed(3)} s`,
    inputTokens === null && outputTokens === null ? '' : tokensText(inputTokens, outputTokens),
    cost === null ? '' : dollars(cost),
  ];
}

function isWaiting({ state }: RunStep): boolean {
  return state !== null && state !== 'complete';
}

function saidText({ asked, said, error }: RunStep): string {
  const parts = [asked, error ?? said].flatMap((text) => text ?? []);
  return parts.map((text) => printable(text.replaceAll(/\s+/g, ' ').trim())).join(' → ');
}

function totalText(total: RunTree['total']): string {
  const { inputTokens, outputTokens, cost, logsWithoutCost: unknown } = total;
  const isKnown = cost > 0 || unknown === 0;
  const known = `Total: ${tokensText(inputTokens, outputTokens)} tokens${isKnown ? `, ${dollars(cost)}` : ''}.`;
  if (unknown === 0) return known;
  return `${known} The cost of ${unknown} log${unknown === 1 ? '' : 's'} is unknown.`;
}

function tokensText(input: number | null, output: number | null): string {
  return `${input ?? '?'} → ${output ?? '?'}`;
}

function dollars(cost: number): string {
  return `$${cost.toFixed(6)}`;
}
