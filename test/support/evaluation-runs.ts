import { expect } from 'vitest';
import type { Answer, TestApp } from './app.ts';
import { evaluator, saying } from './evaluated.ts';
import { bodyOf } from './judging.ts';

type Body = Answer['body'];
type Json = Readonly<Record<string, unknown>>;
/** A test app, or a server that is spoken to over HTTP. */
export type Api = Pick<TestApp, 'get' | 'post' | 'patch' | 'delete'>;

/** A dataset with these inputs, each with the target `{"answer": <number>}`. */
export function datasetOf(api: Api, path: string, inputs: readonly Json[]): Promise<Body> {
  const datapoints = inputs.map((each, index) => ({ inputs: each, target: { answer: index } }));
  return bodyOf(api.post('/datasets', { path, datapoints, action: 'set' }));
}

/** `[{word: "w0"}, {word: "w1"}, …]` */
export const words = (count: number): readonly Json[] =>
  Array.from({ length: count }, (_, index) => ({ word: `w${index}` }));

/** A prompt on the mock provider that says its input `word`. */
export function echoPrompt(api: Api, path: string, more: Json = {}): Promise<Body> {
  const template = [{ role: 'user', content: '{{word}}' }];
  return bodyOf(api.post('/prompts', { path, provider: 'mock', model: 'mock', template, ...more }));
}

/** An evaluator whose code says true of every log. */
export const alwaysTrue = (api: Api, path: string): Promise<Body> =>
  evaluator(api, path, {
    evaluator_type: 'python',
    arguments_type: 'target_required',
    code: 'def judge(log):\n    return True\n',
  });

/** An evaluator whose model always gives this answer. */
export const modelJudge = (api: Api, path: string, answer = 'true'): Promise<Body> =>
  evaluator(api, path, saying(answer));

/** An evaluator that a client runs. */
export const clientJudge = (api: Api, path: string): Promise<Body> => evaluator(api, path);

/** An evaluator that people are. */
export const human = (api: Api, path: string): Promise<Body> =>
  evaluator(api, path, { evaluator_type: 'human' });

/** An Evaluation of a file. An evaluator is a file, or a reference. */
export async function evaluationOf(
  api: Api,
  file: Body | undefined,
  evaluators: readonly Body[],
): Promise<Body> {
  const references = evaluators.map((each) => (each.path ? { id: each.id } : each));
  const request = { evaluators: references, ...(file ? { file: { id: file.id } } : {}) };
  const { statusCode, body } = await api.post('/evaluations', request);
  expect(statusCode, JSON.stringify(body)).toBe(201);
  return body;
}

/** A new Run of an Evaluation. */
export function runOf(api: Api, evaluation: Body, request: Json = {}): Promise<Body> {
  return bodyOf(api.post(`/evaluations/${evaluation.id}/runs`, request));
}

/** The request for a Run of the newest version of a file on a dataset. */
export const onDataset = (dataset: Body, version?: Body, more: Json = {}): Json => ({
  dataset: { version_id: dataset.version_id },
  ...(version ? { version: { version_id: version.version_id } } : {}),
  ...more,
});

/** A Run, as its Evaluation shows it now. */
export async function readRun(api: Api, evaluation: Body, run: Body): Promise<Body> {
  const { runs } = await bodyOf(api.get(`/evaluations/${evaluation.id}/runs`));
  return runs.find(({ id }: Body) => id === run.id);
}

/** Waits until a Run has a status. @returns the Run. */
export async function untilStatus(
  api: Api,
  evaluation: Body,
  run: Body,
  status: string,
  timeout = 60_000,
): Promise<Body> {
  await expect
    .poll(async () => (await readRun(api, evaluation, run)).status, { timeout, interval: 50 })
    .toBe(status);
  return readRun(api, evaluation, run);
}

/** All logs of a Run, in order, with their datapoints and judgments. */
export async function logsOf(api: Api, evaluation: Body, run: Body): Promise<Body[]> {
  const { records } = await bodyOf(
    api.get(`/evaluations/${evaluation.id}/logs?run_id=${run.id}&size=1000`),
  );
  return records;
}

/** Evaluator logs that a log has, as its answer shows them. */
export async function judgmentsOf(api: Api, logId: string): Promise<Body[]> {
  return (await bodyOf(api.get(`/logs/${logId}`))).evaluator_logs;
}

/** The statistics of a Run. */
export async function statsOf(api: Api, evaluation: Body, run: Body): Promise<Body> {
  const { run_stats } = await bodyOf(api.get(`/evaluations/${evaluation.id}/stats`));
  return run_stats.find(({ run_id }: Body) => run_id === run.id);
}
