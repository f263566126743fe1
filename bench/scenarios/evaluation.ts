import type { ApiClient } from '../api-client.ts';
import { measureEndToEnd } from '../evaluation/end-to-end.ts';
import { type EvaluationTarget, fillEvaluations, runLogs } from '../evaluation/fill.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { withServer } from '../server.ts';

/** Timed requests per figure, after three untimed ones. */
const rounds = 20;
const evaluators = 10;
const versions = 20;

/** How long an Evaluation takes, and how long its numbers take with a million judgments. */
export async function measureEvaluation({ profileDir }: Bench): Promise<readonly Figure[]> {
  const endToEnd = await withServer({ clients: 4, profileDir }, (_, client) =>
    measureEndToEnd(client),
  );
  const numbers = await withServer({ clients: 1, profileDir }, async (server, client) => {
    const target = await storeFiles(client);
    const { judgments, seconds } = await fillEvaluations(server.dataDir, target);
    return [
      {
        what: `${judgments.toLocaleString('en')} judgments written by SQL`,
        value: seconds,
        unit: 's',
      },
      ...(await measureNumbers(client, target)),
    ] satisfies Figure[];
  });
  return [...endToEnd, ...numbers];
}

async function measureNumbers(
  client: ApiClient,
  { fileId, versionIds, evaluators: judges, oneRunId, tenRunsId }: EvaluationTarget,
): Promise<readonly Figure[]> {
  const prompt = `/v5/prompts/${fileId}`;
  const compare = `/v5/evaluations/${tenRunsId}/compare?run=run_bench_1&baseline=run_bench_0`;
  const hours = `interval=hour&evaluator_version_id=${judges[0]?.versionId}`;
  const [ninety, seven] = [90, 7].map((days) => daysAgo(days));
  const size = `${runLogs} × ${evaluators}`;
  return [
    ...(await first(
      client,
      `stats, 10 Runs × ${size}, first`,
      `/v5/evaluations/${tenRunsId}/stats`,
    )),
    ...(await timed(client, `stats, open Run × ${size}`, `/v5/evaluations/${oneRunId}/stats`, 100)),
    ...(await timed(client, `stats, 10 Runs × ${size}`, `/v5/evaluations/${tenRunsId}/stats`, 100)),
    ...(await timed(
      client,
      'aggregates, one version',
      `${prompt}?version_id=${versionIds[0]}&evaluator_aggregates=true`,
      50,
    )),
    ...(await timed(
      client,
      `aggregates, ${versions} versions`,
      `${prompt}/versions?evaluator_aggregates=true`,
      500,
    )),
    ...(await timed(
      client,
      'series, 90 days by day',
      `${prompt}/evaluators/stats?from=${ninety}`,
      500,
    )),
    ...(await timed(
      client,
      'series, 7 days by hour, one evaluator',
      `${prompt}/evaluators/stats?from=${seven}&${hours}`,
      20,
    )),
    ...(await timed(client, `comparison, ${size}`, compare)),
  ];
}

async function storeFiles(client: ApiClient): Promise<EvaluationTarget> {
  const send = async (path: string, body: unknown) => {
    const { status, text } = await client.ask(path, JSON.stringify(body));
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text);
  };
  const files: { readonly id: string; readonly version_id: string }[] = [];
  for (let n = 0; n < versions; n++) {
    const body = { path: 'bench/judged', provider: 'mock', model: `m${n}`, template: 'Hi.' };
    files.push(await send('/v5/prompts', body));
  }
  const judges: { readonly id: string; readonly versionId: string }[] = [];
  for (let n = 0; n < evaluators; n++) {
    const { id, version_id: versionId } = await send('/v5/evaluators', {
      path: `bench/judge ${n}`,
      spec: {
        evaluator_type: 'external',
        arguments_type: 'target_free',
        return_type: n < evaluators / 2 ? 'boolean' : 'number',
      },
    });
    judges.push({ id, versionId });
  }
  const fileId = files[0]?.id ?? '';
  const evaluation = async (name: string): Promise<string> => {
    const attached = judges.map(({ versionId }) => ({ version_id: versionId }));
    const body = { name, file: { id: fileId }, evaluators: attached };
    return (await send('/v5/evaluations', body)).id;
  };
  return {
    fileId,
    versionIds: files.map(({ version_id }) => version_id),
    evaluators: judges,
    oneRunId: await evaluation('one Run'),
    tenRunsId: await evaluation('ten Runs'),
  };
}

/** One request, nothing of which was asked before. */
async function first(client: ApiClient, what: string, path: string): Promise<Figure[]> {
  const start = performance.now();
  await client.get(path);
  return [{ what, value: performance.now() - start, unit: 'ms' }];
}

/** @param atMost the limit in milliseconds for the 95th percentile. */
async function timed(
  client: ApiClient,
  what: string,
  path: string,
  atMost?: number,
): Promise<Figure[]> {
  const times: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const start = performance.now();
    await client.get(path);
    if (round >= 0) times.push(performance.now() - start);
  }
  return [
    { what: `${what}: p50`, value: quantile(times, 0.5), unit: 'ms' },
    {
      what: `${what}: p95`,
      value: quantile(times, 0.95),
      unit: 'ms',
      ...(atMost === undefined ? {} : { target: { atMost } }),
    },
  ];
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
