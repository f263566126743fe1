import {
  type AgreementQuery,
  type AgreementResponse,
  mostDisagreements,
} from '../../contract/agreement.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { invalid } from '../../kernel/errors.ts';
import { accuracy, cohenKappa, confusionMatrix, pearson } from '../../statistics/agreement.ts';
import { intervalAlpha, nominalAlpha } from '../../statistics/krippendorff.ts';
import { evaluationRunNotFound } from '../errors.ts';
import { hasRun } from '../runs/has-run-queries.ts';
import {
  type Compared,
  type CountedJudgment,
  countLogsOfJudges,
  listCountedJudgments,
} from './agreement-queries.ts';
import { comparedValues, type Scale, scaleOf } from './scale.ts';

/** The most judgments to compare: all of them are held in memory. */
const mostJudgments = 50_000;

/**
 * How far people agree who judge with an evaluator, or how far two evaluators agree.
 *
 * @throws `file_not_found`, `evaluation_run_not_found`; `invalid` for evaluators of texts, or of two
 *   return types, and for more than 50,000 judgments.
 */
export async function measureAgreement(
  workspace: Workspace,
  id: string,
  { with: otherId, run_id: runId }: AgreementQuery,
): Promise<AgreementResponse> {
  const evaluator = await getVersion(workspace, evaluatorKind, id, {});
  const scale = scaleOf(evaluator.spec.spec, ['path', 'id']);
  if (otherId !== undefined) await requireComparable(workspace, evaluator, otherId);
  if (runId !== undefined && !(await hasRun(workspace, runId))) throw evaluationRunNotFound(runId);
  const compared = { evaluatorId: id, otherId, runId };
  const judgments = await listCountedJudgments(workspace, compared, mostJudgments + 1);
  if (judgments.length > mostJudgments) throw tooMany();
  return {
    evaluator_id: id,
    with_evaluator_id: otherId ?? null,
    run_id: runId ?? null,
    return_type: scale.returnType,
    judges: await judgesOf(workspace, compared),
    ...(otherId === undefined
      ? amongPeople(scale, judgments)
      : betweenEvaluators(scale, judgments, { id, otherId })),
  };
}

type Measured = Omit<
  AgreementResponse,
  'evaluator_id' | 'with_evaluator_id' | 'run_id' | 'return_type' | 'judges'
>;

function amongPeople(scale: Scale, judgments: readonly CountedJudgment[]): Measured {
  const logs = [...Map.groupBy(judgments, ({ logId }) => logId)];
  const alpha = scale.isNumeric
    ? intervalAlpha(logs.map(([, said]) => said.map(({ value }) => value ?? 0)))
    : nominalAlpha(logs.map(([, said]) => said.map(scale.labelOf)));
  return {
    logs_count: logs.length,
    alpha,
    accuracy: null,
    kappa: null,
    pearson: null,
    confusion: null,
    ...disagreements(
      scale,
      logs.filter(([, said]) => new Set(said.map(scale.labelOf)).size > 1),
    ),
  };
}

/**
 * Compares what two evaluators say of each log. Where several people judged, their mean counts for
 * numbers, and otherwise what most of them said; a log on which they are divided is left out.
 */
function betweenEvaluators(
  scale: Scale,
  judgments: readonly CountedJudgment[],
  { id, otherId }: { readonly id: string; readonly otherId: string },
): Measured {
  const logs = [...Map.groupBy(judgments, ({ logId }) => logId)].flatMap(([logId, said]) => {
    const by = (evaluatorId: string) => said.filter((item) => item.evaluatorId === evaluatorId);
    const pair = comparedValues(scale, by(id), by(otherId));
    return pair ? [{ logId, said, pair }] : [];
  });
  const differing = logs.filter(({ pair: [one, other] }) => one !== other);
  const numbers = logs.map(({ pair: [one, other] }) => [Number(one), Number(other)] as const);
  const names = logs.map(({ pair: [one, other] }) => [String(one), String(other)] as const);
  const matrix = scale.isNumeric ? null : confusionMatrix(names, scale.labels);
  return {
    logs_count: logs.length,
    alpha: null,
    accuracy: matrix && accuracy(matrix),
    kappa: matrix && cohenKappa(matrix),
    pearson: scale.isNumeric ? pearson(numbers) : null,
    confusion: matrix && {
      labels: [...matrix.labels],
      counts: matrix.counts.map((row) => [...row]),
    },
    ...disagreements(
      scale,
      differing.map(({ logId, said }) => [logId, said] as const),
    ),
  };
}

function disagreements(
  scale: Scale,
  logs: readonly (readonly [logId: string, said: readonly CountedJudgment[]])[],
): Pick<Measured, 'disagreements' | 'disagreements_count'> {
  return {
    disagreements_count: logs.length,
    disagreements: logs.slice(0, mostDisagreements).map(([logId, said]) => ({
      log_id: logId,
      judgments: said.map((item) => ({
        evaluator_id: item.evaluatorId,
        user: item.judge === '' ? null : item.judge,
        judgment: scale.judgmentOf(item),
      })),
    })),
  };
}

async function judgesOf(
  workspace: Workspace,
  compared: Compared,
): Promise<AgreementResponse['judges']> {
  const judges = await countLogsOfJudges(workspace, compared);
  return judges.map(({ judge, logs }) => ({
    user: judge === '' ? null : judge,
    judgments_count: logs,
  }));
}

const tooMany = () =>
  invalid(
    ['query', 'run_id'],
    'There are more than 50,000 judgments to compare. Name a Run with `run_id`.',
  );

async function requireComparable(
  workspace: Workspace,
  evaluator: FileVersion<'evaluator'>,
  otherId: string,
): Promise<void> {
  const other = await getVersion(workspace, evaluatorKind, otherId, {});
  const [one, two] = [evaluator.spec.spec.return_type, other.spec.spec.return_type];
  if (one === two) return;
  throw invalid(
    ['query', 'with'],
    `The evaluators cannot be compared: one returns \`${one}\`, the other \`${two}\`.`,
  );
}
