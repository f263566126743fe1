import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { requireJudgeable } from '../../runtime/kinds/evaluator/judge.ts';
import { runnables } from '../../runtime/kinds/index.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { notOrchestratable } from '../errors.ts';
import type { Evaluation } from './evaluation.ts';

/**
 * Checks that the server can do all that it is to do for a Run: call the version, and judge with the
 * evaluators. Otherwise each of a thousand logs would have the same error.
 *
 * @param version null when the server makes no logs.
 * @throws `not_orchestratable`, `missing_provider_key`, `provider_not_supported` (all invalid).
 */
export async function requireServerWork(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion | null,
  evaluators: Evaluation['evaluators'],
): Promise<void> {
  if (version) {
    await namingVersion(version, () => requireOrchestratable(parts, workspace, version));
  }
  for (const { version, orchestrated } of evaluators) {
    if (!orchestrated || version.isDeleted) continue;
    await namingVersion(version, () => requireJudgeable(parts, workspace, version));
  }
}

/**
 * Checks that the server can call a version.
 *
 * @throws `not_orchestratable` for a version that only its owner can run; `missing_provider_key`,
 *   `provider_not_supported` (all invalid).
 */
async function requireOrchestratable(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion,
): Promise<void> {
  const runnable = runnables[version.type];
  if (!runnable) {
    throw notOrchestratable(
      `The server cannot run files of type \`${version.type}\`. Run \`${version.path}\` yourself and log it; send \`orchestrated: false\`.`,
    );
  }
  try {
    await runnable.checkVersion(parts, workspace, version);
  } catch (error) {
    const isFaulty = error instanceof PlatformError && error.code === 'invalid';
    throw isFaulty ? notOrchestratable(error.message) : error;
  }
}

/**
 * Makes the refusal for a missing key say which version lacks it.
 *
 * @throws what `check` throws.
 */
async function namingVersion(
  { path }: Pick<FileVersion, 'path'>,
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'missing_provider_key') throw error;
    const { category, code, detail } = error;
    const message = `\`${path}\` cannot be run. ${error.message}`;
    throw new PlatformError(category, code, message, { detail: { ...detail, message } });
  }
}
