import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './checkout.ts';
import type { Mutant } from './mutants.ts';

/** What became of a mutant. */
export interface Result {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  /** The line's text. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** Not entered: no test comes by the function. Broken: no test could be run, which says nothing. */
  readonly ended: 'killed' | 'too late' | 'survived' | 'not entered' | 'broken';
  /** The test that failed. */
  readonly by?: string | undefined;
  /** True: it was alive after the tests nearest to it, and the others were not run. */
  readonly isHalfTried?: boolean | undefined;
  readonly seconds: number;
}

/** What running the tests of a mutant tells. */
export type Outcome = Pick<Result, 'ended' | 'by' | 'isHalfTried' | 'seconds'>;

const resultsFile = join(folder, 'results.jsonl');

/** The last result of each mutant that was tried before, by its id. */
export function readResults(): ReadonlyMap<string, Result> {
  let text: string;
  try {
    text = readFileSync(resultsFile, 'utf8');
  } catch {
    return new Map();
  }
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(line) as Result).map((one) => [one.id, one]));
}

/** Keeps a result at once, so that an interrupted run goes on where it was. */
export function keepResult(
  { id, file, line, kind, text, before, after }: Mutant,
  outcome: Outcome,
): Result {
  const result: Result = { id, file, line, kind, text, before, after, ...outcome };
  mkdirSync(folder, { recursive: true });
  appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
  return result;
}

export function isKilled({ ended }: Result): boolean {
  return ended === 'killed' || ended === 'too late';
}

/** The score, and each mutant that lived. */
export function summary(
  results: readonly Result[],
  explained: Readonly<Record<string, string>>,
): string {
  const told = results.filter(({ ended }) => ended !== 'broken');
  const alive = told.filter((one) => !isKilled(one));
  const open = alive.filter(({ id }) => !Object.hasOwn(explained, id));
  const counted = told.length - (alive.length - open.length);
  const killed = counted - open.length;
  const score = counted === 0 ? '–' : `${((100 * killed) / counted).toFixed(1)} %`;
  return [
    `${killed} of ${counted} killed: ${score}`,
    `${alive.length - open.length} more are explained, and not counted`,
    ...(told.length < results.length ? [`${results.length - told.length} could not be run`] : []),
    ...open.map((one) => `\n${describe(one)}`),
  ].join('\n');
}

export function describe({ id, file, line, kind, text, before, after, ended }: Result): string {
  const change = `${short(before)}  →  ${short(after) || 'nothing'}`;
  return `${ended}: ${file}:${line} (${kind}, ${id})\n  ${short(text)}\n  ${change}`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 97)}…` : line;
}
