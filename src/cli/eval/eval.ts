import { writeFile } from 'node:fs/promises';
import { createKey, revokeKey } from '../../administration.ts';
import { withoutSlashes } from '../../kernel/slashes.ts';
import { serverUrl } from '../../kernel/web-url.ts';
import type { Given } from '../command.ts';
import { CommandFailure } from '../exit.ts';
import { printableLines } from '../printable.ts';
import { configWith } from '../settings.ts';
import { type EvalApi, evalApi } from './api.ts';
import { awaitRun, cancelRun } from './await-run.ts';
import { type EvalPlan, type evalOptions, readEvalOptions } from './eval-options.ts';
import { exitCodes } from './exit-codes.ts';
import { junitReport } from './junit.ts';
import { markdownComment } from './markdown.ts';
import { type Check, checkName, type EvalOutcome, exitCodeFor, valueText } from './outcome.ts';

/** `eval`: runs an Evaluation, checks its Run, and ends with an exit code that tells how it went. */
export async function evaluate(given: Given<typeof evalOptions>): Promise<void> {
  const plan = readEvalOptions(given);
  const { url, ...server } = given;
  const config = configWith(server);
  const address = url === undefined ? serverUrl(config.host, config.port) : withoutSlashes(url);
  await requireServer(address);
  if (config.apiKey !== undefined) return run(evalApi(address, config.apiKey), plan);
  if (url !== undefined) {
    throw new CommandFailure(exitCodes.refused, 'Set LOOPWRIGHT_API_KEY to a key of that server.');
  }
  // A key for this command alone, made in the server's database. It expires, so that a command that
  // is killed leaves no valid key behind.
  const key = await createKey(config, 'eval', { lifetimeMs: plan.timeoutMs + 3_600_000 });
  try {
    await run(evalApi(address, key), plan);
  } finally {
    await revokeKey(config, key);
  }
}

async function run(api: EvalApi, plan: EvalPlan): Promise<void> {
  const startedAt = performance.now();
  const evaluation = await openEvaluation(api, plan);
  const created = await api.request<{ readonly id: string }>(
    'POST',
    `/evaluations/${evaluation.id}/runs`,
    { dataset: plan.dataset, version: plan.version, orchestrated: true, trials: plan.trials },
  );
  const path = `/evaluations/${evaluation.id}/runs/${created.id}`;
  // Ask before the work is done: a name of an evaluator may be wrong.
  const check = () => api.request<Gate>('POST', `${path}/gate`, plan.gate);
  await check().catch(async (error: unknown) => {
    await cancelRun(api, path);
    throw error;
  });
  const { status, reason } = await awaitRun(
    api,
    { evaluationId: evaluation.id, id: created.id, path },
    plan.timeoutMs,
  );
  const [stats, gate] = await Promise.all([
    api.request<Stats>('GET', `/evaluations/${evaluation.id}/stats`),
    check(),
  ]);
  const outcome: EvalOutcome = {
    name: plan.name,
    evaluation_id: evaluation.id,
    run_id: created.id,
    url: evaluation.url,
    status,
    reason,
    passed: gate.passed,
    checks: gate.checks,
    report: stats.report,
    stats: stats.run_stats.find(({ run_id }) => run_id === created.id) ?? null,
    seconds: (performance.now() - startedAt) / 1_000,
  };
  print(outcome);
  await writeAll(plan.writes, outcome);
  process.exitCode = exitCodeFor(outcome);
}

interface OpenedEvaluation {
  readonly id: string;
  readonly url: string;
}

interface Stats {
  readonly report: string;
  readonly run_stats: readonly { readonly run_id: string }[];
}

interface Gate {
  readonly passed: boolean;
  readonly checks: readonly Check[];
}

/** The Evaluation of that name, with at least these evaluators. */
async function openEvaluation(api: EvalApi, plan: EvalPlan): Promise<OpenedEvaluation> {
  const { name, file, evaluators } = plan;
  const made = await api.requestOrConflict<OpenedEvaluation>('POST', '/evaluations', {
    name,
    file,
    evaluators,
  });
  if (!('evaluation_id' in made)) {
    if ('id' in made) return made;
    throw new CommandFailure(exitCodes.refused, `/evaluations: ${made.code}`);
  }
  return api.request('POST', `/evaluations/${made.evaluation_id}/evaluators`, { evaluators });
}

async function requireServer(url: string): Promise<void> {
  const isUp = await fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isUp) throw new CommandFailure(exitCodes.unreachable, `No server answers at ${url}.`);
}

function print(outcome: EvalOutcome): void {
  console.log(printableLines(outcome.report.trim()));
  if (outcome.reason !== null) console.log(`\n${printableLines(outcome.reason)}`);
  if (outcome.checks.length > 0) console.log('');
  for (const check of outcome.checks) {
    const note = check.note === null ? '' : ` (${check.note})`;
    const line = `${check.passed ? 'passed' : 'FAILED'}  ${checkName(check)}: ${valueText(check.value)}${note}`;
    console.log(printableLines(line));
  }
}

async function writeAll(writes: EvalPlan['writes'], outcome: EvalOutcome): Promise<void> {
  const texts = {
    json: () => `${JSON.stringify({ ...outcome, exit_code: exitCodeFor(outcome) }, null, 2)}\n`,
    junit: () => junitReport(outcome),
    markdown: () => markdownComment(outcome),
  };
  for (const form of ['json', 'junit', 'markdown'] as const) {
    const path = writes[form];
    if (path !== undefined) await writeFile(path, texts[form]());
  }
}
