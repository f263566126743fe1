import { newId } from '../../src/kernel/ids.ts';
import type { Answer, TestApp } from './app.ts';
import { drainFeed } from './feed.ts';

type Fields = Readonly<Record<string, unknown>>;
type Api = Pick<TestApp, 'post' | 'database' | 'workspace'>;

/** A judgment to write: a value, null for none, or an error. */
export type Said = boolean | number | string | readonly string[] | null | typeof failed;

/** The judgment of an evaluator that failed. */
export const failed = { error: 'It failed.' } as const;

interface GivenEvaluator {
  readonly path?: string;
  readonly returns: 'boolean' | 'number' | 'select' | 'multi_select' | 'text';
  readonly options?: readonly Fields[];
  readonly valence?: string;
  /** False: clients judge. */
  readonly orchestrated?: boolean;
}

interface GivenRun {
  /** Default: completed. */
  readonly status?: 'pending' | 'running' | 'completed' | 'cancelled';
  readonly isControl?: boolean;
  /** The judgments on each log, in the order of the evaluators; undefined is not judged. */
  readonly logs?: readonly (readonly (Said | undefined)[])[];
  /** Fields of the logs. */
  readonly log?: Fields;
  /** Another version of the file: any text. */
  readonly version?: string;
}

/** An Evaluation that was filled without running anything. */
export interface FilledEvaluation {
  readonly id: string;
  readonly file: Answer['body'];
  readonly evaluators: readonly Answer['body'][];
  readonly runs: readonly FilledRun[];
  /** The id of the datapoint in each place. */
  readonly datapoints: readonly string[];
}

export interface FilledRun {
  readonly id: string;
  readonly logIds: readonly string[];
}

let count = 0;

/**
 * Writes an Evaluation of a prompt, its Runs, their logs and judgments into the database, as they
 * are when the work is done.
 */
export async function filledEvaluation(
  api: Api,
  given: { readonly evaluators: readonly GivenEvaluator[]; readonly runs: readonly GivenRun[] },
): Promise<FilledEvaluation> {
  const n = ++count;
  const file = await madeFile(api, '/prompts', { path: `filled ${n}`, model: 'gpt-4o' });
  const evaluators: Answer['body'][] = [];
  for (const [index, one] of given.evaluators.entries()) {
    evaluators.push(await madeEvaluator(api, { path: `filled ${n} by ${index}`, ...one }));
  }
  const id = newId('evr');
  const own = { organization_id: api.workspace.organizationId };
  const { db } = api.database;
  await db
    .insertInto('evaluation')
    .values({
      ...own,
      id,
      file_id: file.id,
      name: `filled ${n}`,
      created_by: null,
      deleted_at: null,
    })
    .execute();
  for (const [index, { id: evaluatorId, version_id }] of evaluators.entries()) {
    const { orchestrated = true } = given.evaluators[index] ?? {};
    const row = { evaluator_id: evaluatorId, evaluator_version_id: version_id };
    await db
      .insertInto('evaluation_evaluator')
      .values({ ...own, ...row, evaluation_id: id, orchestrated, is_always_awaited: false })
      .execute();
  }
  const most = Math.max(0, ...given.runs.map(({ logs = [] }) => logs.length));
  const datapoints = Array.from({ length: most }, (_, place) => newId('dp') + place);
  const evaluation = { id, file, evaluators, datapoints };
  const runs: FilledRun[] = [];
  for (const run of given.runs) runs.push(await addFilledRun(api, evaluation, run));
  return { ...evaluation, runs };
}

/** Adds a Run to such an Evaluation, as its newest. */
export async function addFilledRun(
  api: Api,
  { id, file, evaluators, datapoints }: Omit<FilledEvaluation, 'runs'>,
  { status = 'completed', isControl = false, logs = [], log = {}, version }: GivenRun,
): Promise<FilledRun> {
  const own = { organization_id: api.workspace.organizationId };
  const { db } = api.database;
  const runId = newId('run');
  const of =
    version === undefined
      ? file
      : await madeFile(api, '/prompts', { path: file.path, model: version });
  const isEnded = status === 'completed' || status === 'cancelled';
  await db
    .insertInto('evaluation_run')
    .values({
      ...own,
      id: runId,
      file_id: file.id,
      version_id: of.version_id,
      dataset_version_id: null,
      orchestrated: false,
      status,
      name: null,
      metadata: null,
      error: null,
      api_key_id: null,
      created_by: null,
      ended_at: isEnded ? new Date().toISOString() : null,
    })
    .execute();
  await db
    .insertInto('evaluation_member')
    .values({ ...own, evaluation_id: id, run_id: runId, is_control: isControl })
    .execute();
  const logIds: string[] = [];
  for (const _ of logs) {
    const url = `/prompts/log?version_id=${of.version_id}`;
    const { body } = await api.post(url, { id: file.id, output: 'Done.', ...log });
    logIds.push(body.id);
  }
  // The feed would reopen the Run for logs that become ready in it.
  await drainFeed(api.database);
  const slots = logIds.map((logId, position) => ({ position, log_id: logId, state: 'ready' }));
  // Without an empty place, an open Run would be completed.
  const empty = { position: logs.length, log_id: null, state: 'empty' };
  for (const { position, log_id, state } of [...slots, ...(isEnded ? [] : [empty])]) {
    await db
      .insertInto('evaluation_slot')
      .values({
        ...own,
        run_id: runId,
        position,
        datapoint_id: datapoints[position] ?? null,
        log_id,
        state: state as 'ready' | 'empty',
        origin: log_id === null ? null : 'run_id',
        replayed_log_id: null,
        filled_at: null,
        lease_owner: null,
        lease_expires_at: null,
      })
      .execute();
  }
  for (const [position, judgments] of logs.entries()) {
    for (const [index, said] of judgments.entries()) {
      const logId = logIds[position] ?? '';
      if (said !== undefined) await addJudgment(api, logId, evaluators[index], said);
    }
  }
  return { id: runId, logIds };
}

/** Writes a judgment that counts. */
export async function addJudgment(
  api: Api,
  logId: string,
  { id, version_id }: { readonly id: string; readonly version_id: string },
  said: Said,
  { judge = '', traffic = false, at = new Date().toISOString() } = {},
): Promise<void> {
  const { db } = api.database;
  const own = api.workspace.organizationId;
  const judged = await db
    .selectFrom('log')
    .select(['file_id', 'version_id', 'created_at'])
    .where('organization_id', '=', own)
    .where('id', '=', logId)
    .executeTakeFirstOrThrow();
  const isValue = typeof said === 'number' || typeof said === 'boolean';
  await db
    .insertInto('judgment')
    .values({
      organization_id: own,
      log_id: logId,
      evaluator_version_id: version_id,
      judge,
      evaluator_id: id,
      evaluator_log_id: newId('log'),
      file_id: judged.file_id,
      version_id: judged.version_id,
      is_traffic: traffic,
      outcome: said === null ? 'null' : said === failed ? 'error' : 'judged',
      value: isValue ? Number(said) : null,
      options: optionsIn(said),
      cost: null,
      log_created_at: judged.created_at,
      judged_at: at,
    })
    .execute();
}

function optionsIn(said: Said): string[] | null {
  if (typeof said === 'string') return [said];
  return Array.isArray(said) ? [...said] : null;
}

async function madeEvaluator(
  api: Api,
  { path, returns, options, valence }: GivenEvaluator,
): Promise<Answer['body']> {
  return madeFile(api, '/evaluators', {
    path,
    spec: {
      evaluator_type: 'external',
      arguments_type: 'target_free',
      return_type: returns,
      ...(options ? { options } : {}),
      ...(valence ? { number_valence: valence } : {}),
    },
  });
}

async function madeFile(api: Api, url: string, fields: Fields): Promise<Answer['body']> {
  const { statusCode, body } = await api.post(url, fields);
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
}
