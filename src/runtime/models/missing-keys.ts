import type { Workspace } from '../../database/workspace.ts';
import { invalid, isRefusal } from '../../kernel/errors.ts';
import type { RunRecord, StoredCallOptions } from '../../logs/log-record.ts';
import { chooseProvider } from './choose-provider.ts';
import type { ModelParts } from './model-parts.ts';

/** The providers whose keys came with the run's call only, and for which no other key exists. */
export async function missingKeys(
  parts: ModelParts,
  workspace: Workspace,
  { own_keys: names = [] }: StoredCallOptions,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const provider of names) {
    try {
      await chooseProvider({ parts, workspace, providerApiKeys: {} }, { provider });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      missing.push(provider);
    }
  }
  return missing;
}

/**
 * Checks that a continue brings the keys that an interrupted run lacks.
 *
 * @throws `invalid` for the first missing key.
 */
export function requireKeys({ options }: RunRecord, given: StoredCallOptions): void {
  const missing = (options.own_keys ?? []).find((name) => !given.own_keys?.includes(name));
  if (missing === undefined) return;
  throw invalid(
    ['body', 'provider_api_keys', missing],
    `The run was interrupted because its key for \`${missing}\` was lost. Send one.`,
  );
}
