import type { Given, Options } from '../command.ts';
import { CommandFailure } from '../exit.ts';
import { serverOptions } from '../options.ts';
import { exitCodes } from './exit-codes.ts';

export const evalOptions = {
  file: { type: 'string', value: 'FILE', summary: 'What is evaluated: a path, or an id.' },
  'version-id': { type: 'string', value: 'ID', summary: 'Its version.' },
  environment: {
    type: 'string',
    value: 'NAME',
    summary: 'In place of a version: the one that is deployed there.',
  },
  dataset: { type: 'string', value: 'DATASET', summary: 'A path, an id, or the id of a version.' },
  evaluators: {
    type: 'string',
    value: 'A,B',
    summary: 'Evaluators: paths, ids, or ids of versions.',
  },
  name: {
    type: 'string',
    value: 'NAME',
    summary: 'The Evaluation, which is created if there is none. Default: loopwright eval.',
  },
  baseline: {
    type: 'string',
    value: 'RUN',
    summary: 'control, previous, or the id of a Run. Default: the control, or else the previous.',
  },
  min: { type: 'string', value: '"A>=0.9,B>=3"', summary: 'The least value for evaluators.' },
  'max-drop': {
    type: 'string',
    value: '"A:0.02"',
    summary: 'How much worse than the baseline evaluators may say it is.',
  },
  significant: { type: 'boolean', summary: 'Drops only count when they are significant.' },
  'max-cost-increase': {
    type: 'string',
    value: '10%',
    summary: 'How much more than in the baseline a log may cost.',
  },
  'max-p95-latency': { type: 'string', value: 'SECONDS', summary: 'The latency of 95 % of logs.' },
  'max-errors': {
    type: 'string',
    value: '1%',
    summary: 'The share of logs, and of judgments of each evaluator, with an error.',
  },
  trials: { type: 'string', value: 'NUMBER', summary: 'Logs for each Datapoint. Default: 1.' },
  timeout: { type: 'string', value: '30m', summary: 'Cancels the Run then. Default: 30m.' },
  json: { type: 'string', value: 'FILE', summary: 'Writes the results there as JSON.' },
  junit: { type: 'string', value: 'FILE', summary: 'Writes the checks there as JUnit XML.' },
  markdown: { type: 'string', value: 'FILE', summary: 'Writes a comment there, in Markdown.' },
  url: { type: 'string', value: 'URL', summary: 'The server. Overrides HOST and PORT.' },
  ...serverOptions,
} as const satisfies Options;

/** What `eval` is to do. */
export interface EvalPlan {
  readonly name: string;
  readonly file: Reference;
  readonly version: Reference;
  readonly dataset: Reference;
  readonly evaluators: readonly Reference[];
  readonly trials: number | undefined;
  readonly timeoutMs: number;
  /** The body of the request that checks the Run. */
  readonly gate: Readonly<Record<string, unknown>>;
  readonly writes: Readonly<Record<'json' | 'junit' | 'markdown', string | undefined>>;
}

type Reference = Readonly<Record<string, string>>;

/** @throws CommandFailure for options that are missing, or that cannot be read. */
export function readEvalOptions(given: Given<typeof evalOptions>): EvalPlan {
  const file = readReference(required(given, 'file'));
  const { 'version-id': versionId, environment } = given;
  if (versionId !== undefined && environment !== undefined) {
    throw wrong('Give --version-id or --environment, not both.');
  }
  const version =
    versionId === undefined
      ? { ...file, ...(environment === undefined ? {} : { environment }) }
      : { version_id: versionId };
  return {
    name: given.name ?? 'loopwright eval',
    file,
    version,
    dataset: readReference(required(given, 'dataset')),
    evaluators: readList(required(given, 'evaluators')).map(readReference),
    trials: read(given, 'trials', readNumber),
    timeoutMs: read(given, 'timeout', readDuration) ?? 1_800_000,
    gate: {
      min: read(given, 'min', (text) => readDemands(text, '>=')),
      max_drop: read(given, 'max-drop', (text) => readDemands(text, ':')),
      significant: given.significant,
      max_cost_increase: read(given, 'max-cost-increase', readShare),
      max_p95_latency: read(given, 'max-p95-latency', readNumber),
      max_errors: read(given, 'max-errors', readShare),
      baseline: given.baseline,
    },
    writes: { json: given.json, junit: given.junit, markdown: given.markdown },
  };
}

const versionIdForm = /^(ag|pr|tl|fl|ev|ds)v_[0-9a-z]{26}$|^tv_[0-9a-z]{26}$/;
const fileIdForm = /^(ag|pr|tl|fl|ev|ds)_[0-9a-z]{26}$/;

/** A path, the id of a file, or the id of a version. */
function readReference(text: string): Reference {
  if (versionIdForm.test(text)) return { version_id: text };
  return fileIdForm.test(text) ? { id: text } : { path: text };
}

function required(given: Given<typeof evalOptions>, name: 'file' | 'dataset' | 'evaluators') {
  const value = given[name];
  if (value === undefined) throw wrong(`eval needs --${name} ${evalOptions[name].value}.`);
  return value;
}

type TextOption = {
  [Name in keyof typeof evalOptions]: (typeof evalOptions)[Name]['type'] extends 'string'
    ? Name
    : never;
}[keyof typeof evalOptions];

/** @param reader returns undefined for a text that it cannot read. */
function read<T>(
  given: Given<typeof evalOptions>,
  name: TextOption,
  reader: (text: string) => T | undefined,
): T | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  const value = reader(text);
  if (value !== undefined) return value;
  throw wrong(`--${name} cannot be ${text}. Write it like --${name} ${evalOptions[name].value}.`);
}

/** `a>=0.9,b>=3`, with the sign between name and number. */
function readDemands(text: string, sign: string): Record<string, number> | undefined {
  const demands = readList(text).map((part) => {
    const at = part.lastIndexOf(sign);
    return [part.slice(0, at).trim(), readNumber(part.slice(at + sign.length))] as const;
  });
  const isWrong = demands.some(([name, value]) => name === '' || value === undefined);
  return isWrong ? undefined : (Object.fromEntries(demands) as Record<string, number>);
}

function readList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readNumber(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** `10%` or `0.1`. */
function readShare(text: string): number | undefined {
  const isPercent = text.trim().endsWith('%');
  const value = readNumber(isPercent ? text.trim().slice(0, -1) : text);
  return value !== undefined && isPercent ? value / 100 : value;
}

/** `90s`, `30m` or `2h`, in milliseconds. */
function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smh])$/.exec(text.trim()) ?? [];
  const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 }[unit ?? ''];
  return number === undefined || unitMs === undefined ? undefined : Number(number) * unitMs;
}

function wrong(message: string): CommandFailure {
  return new CommandFailure(exitCodes.refused, message);
}
