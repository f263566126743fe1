import type { Selectable } from 'kysely';
import { expect } from 'vitest';
import type { Tables } from '../../src/database/tables.ts';
import type { Answer, TestApp } from './app.ts';

type Body = Answer['body'];
type Api = Pick<TestApp, 'get' | 'post'>;
type Json = Readonly<Record<string, unknown>>;

/** The body of an answer that has to be a success. */
export async function bodyOf(answer: Promise<Answer>): Promise<Body> {
  const { statusCode, body } = await answer;
  expect([200, 201, 204], JSON.stringify(body)).toContain(statusCode);
  return body;
}

function evaluatorOf(api: Api, path: string, spec: Json): Promise<Body> {
  const common = { arguments_type: 'target_free', return_type: 'boolean' };
  return bodyOf(api.post('/evaluators', { path, spec: { ...common, ...spec } }));
}

/** An evaluator that the server runs by its code. */
export function pythonEvaluator(api: Api, path: string, code: string, more: Json = {}) {
  return evaluatorOf(api, path, { evaluator_type: 'python', code, ...more });
}

/**
 * An evaluator whose model is the mock, which needs no sandbox: it judges what the output of the log
 * says, `true` or `false`.
 *
 * @param more.says other text, with variables: `{{testcase.target.answer}}`.
 * @param more.script what the mock is to answer instead.
 */
export function mockEvaluator(
  api: Api,
  path: string,
  { says = '{{log_output}}', script, ...more }: Json = {},
) {
  const prompt = {
    provider: 'mock',
    model: 'judge',
    endpoint: 'chat',
    template: [{ role: 'user', content: `The verdict:\n${says}` }],
    ...(script ? { other: { script } } : {}),
  };
  return evaluatorOf(api, path, { evaluator_type: 'llm', prompt, ...more });
}

/** An evaluator whose judgments clients log. */
export function externalEvaluator(api: Api, path: string, more: Json = {}) {
  return evaluatorOf(api, path, { evaluator_type: 'external', ...more });
}

/** A prompt whose calls your own code makes. */
export function loggedPrompt(api: Api, path: string): Promise<Body> {
  return bodyOf(api.post('/prompts', { path, model: 'gpt-4o-mini' }));
}

/** A log of such a prompt. */
export function logPrompt(api: Api, { id }: Body, more: Json = {}): Promise<Body> {
  return bodyOf(api.post('/prompts/log', { id, output: 'true', ...more }));
}

/** Makes evaluators monitor a file. */
export function monitor(
  api: Api,
  { id, type }: Body,
  evaluators: readonly Body[],
  more: Json = {},
) {
  const activate = evaluators.map(({ version_id }) => ({
    evaluator_version_id: version_id,
    ...more,
  }));
  return bodyOf(api.post(`/${type}s/${id}/evaluators`, { activate }));
}

/** An Evaluation of a file, with a Run to which clients add logs. */
export async function evaluationWithRun(
  api: Api,
  file: Body,
  evaluators: readonly Body[],
  run: Json = {},
): Promise<{ readonly id: string; readonly runId: string; readonly url: string }> {
  const { id } = await bodyOf(
    api.post('/evaluations', {
      file: { id: file.id },
      evaluators: evaluators.map(({ version_id }) => ({ version_id })),
    }),
  );
  const { id: runId } = await bodyOf(api.post(`/evaluations/${id}/runs`, run));
  return { id, runId, url: `/evaluations/${id}/runs/${runId}` };
}

/** Adds logs to a Run. */
export function addLogs(api: Api, { url }: { readonly url: string }, logs: readonly Body[]) {
  return bodyOf(api.post(`${url}/logs`, { log_ids: logs.map(({ id }) => id) }));
}

/** Waits until a Run is completed. */
export async function untilCompleted(
  api: Api,
  { id, runId }: { readonly id: string; readonly runId: string },
): Promise<void> {
  const statusOf = async () => {
    const { runs } = await bodyOf(api.get(`/evaluations/${id}/runs`));
    return runs.find((run: Body) => run.id === runId)?.status;
  };
  await expect.poll(statusOf).toBe('completed');
}

/** Waits until no log waits in the feed, and the server has nothing to judge. */
export async function untilJudged({ database }: Pick<TestApp, 'database'>): Promise<void> {
  const left = async () => {
    const { rows } = await database.pool.query(
      'SELECT (SELECT count(*) FROM log_feed) + (SELECT count(*) FROM judgment_task) AS left',
    );
    return rows[0].left;
  };
  await expect.poll(left).toBe(0);
}

/** The evaluator logs of a log, oldest first. */
export async function evaluatorLogs(api: Api, { id }: Body): Promise<Body[]> {
  return (await bodyOf(api.get(`/logs/${id}`))).evaluator_logs;
}

/** What the evaluators say of a log, oldest first. */
export async function judgments(api: Api, log: Body): Promise<unknown[]> {
  return (await evaluatorLogs(api, log)).map(({ judgment, error }) => error ?? judgment);
}

/** The judgments of a log that count. */
export async function counting(
  { database }: Pick<TestApp, 'database'>,
  { id }: Body,
): Promise<readonly Selectable<Tables['judgment']>[]> {
  const { rows } = await database.pool.query(
    'SELECT * FROM judgment WHERE log_id = $1 ORDER BY evaluator_version_id, judge',
    [id],
  );
  return rows;
}

/** The tasks on a log. */
export async function tasksOn(
  { database }: Pick<TestApp, 'database'>,
  { id }: Body,
): Promise<readonly Selectable<Tables['judgment_task']>[]> {
  const { rows } = await database.pool.query('SELECT * FROM judgment_task WHERE log_id = $1', [id]);
  return rows;
}
