import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import type { Workspace } from '../../../database/workspace.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { invalid } from '../../../kernel/errors.ts';
import { chooseProvider } from '../../models/choose-provider.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { judgeByCode } from './judge-by-code.ts';
import { judgeByModel } from './judge-by-model.ts';
import type { JudgeCall, JudgeItem, Judging } from './judge-call.ts';
import type { Verdict } from './verdict.ts';

/** The ways in which the server judges. People and external systems judge elsewhere. */
const waysOfJudging: Partial<
  Record<EvaluatorDetails['evaluator_type'], (call: JudgeCall) => Promise<void>>
> = {
  python: judgeByCode,
  llm: judgeByModel,
};

/** Whether the server runs an evaluator: its code, or its model. */
export function isServerJudged({ spec }: FileVersion<'evaluator'>): boolean {
  return waysOfJudging[spec.spec.evaluator_type] !== undefined;
}

/**
 * Judges logs with one version of an evaluator that the server runs. Each item gets one verdict.
 * Whatever its code or its model does wrong is the `error` of that verdict.
 *
 * @throws what keeps the server from judging, so that a later attempt may succeed:
 *   `python_unavailable` (unavailable), `python_busy` (too_many); the reason of the signal when it
 *   is aborted. Verdicts that were told before are valid.
 */
export async function judge(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  items: readonly JudgeItem[],
  judging: Judging,
): Promise<void> {
  const { evaluator_type: type } = version.spec.spec;
  const judgeAll = waysOfJudging[type];
  if (!judgeAll) throw new Error(`The server does not run evaluators of type ${type}.`);
  judging.signal.throwIfAborted();
  await judgeAll({ parts, workspace, version, items, ...judging });
}

/** Judges one log. @throws what {@link judge} throws. */
export async function judgeOne(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  item: JudgeItem,
  judging: Omit<Judging, 'told'>,
): Promise<Verdict> {
  let verdict: Verdict | undefined;
  const told = (_index: number, said: Verdict) => {
    verdict = said;
  };
  await judge(parts, workspace, version, [item], { ...judging, told });
  if (!verdict) throw new Error(`Evaluator version ${version.versionId} said nothing.`);
  return verdict;
}

/**
 * Checks that a version can be called.
 *
 * @throws `invalid` for an evaluator that the server does not run; what {@link requireJudgeable}
 *   throws.
 */
export async function requireServerJudged(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
): Promise<void> {
  if (isServerJudged(version)) return requireJudgeable(parts, workspace, version);
  const { evaluator_type: type } = version.spec.spec;
  throw invalid(
    ['body'],
    `Only evaluators with \`evaluator_type\` \`python\` or \`llm\` can be called; this one is \`${type}\`.`,
  );
}

/**
 * Checks that the model of an evaluator can be asked. Without this check a thousand logs would get
 * the same error.
 *
 * @throws `missing_provider_key`, `provider_not_supported`, `provider_key_unreadable`,
 *   `custom_endpoint_unreadable` (invalid).
 */
export async function requireJudgeable(
  parts: RuntimeParts,
  workspace: Workspace,
  { spec: { spec: details } }: FileVersion<'evaluator'>,
): Promise<void> {
  if (details.evaluator_type !== 'llm' || !details.prompt) return;
  await chooseProvider({ parts, workspace, providerApiKeys: {} }, details.prompt);
}
