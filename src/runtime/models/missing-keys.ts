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
 * Checks that a continue brings the keys that an interrupted run lacks. Those that the organization or
 * the server has by now need not be brought.
 *
 * @throws `invalid` for the first missing key.
 */
export async function requireKeys(
  parts: ModelParts,
  workspace: Workspace,
  { options }: RunRecord,
  given: StoredCallOptions,
): Promise<void> {
  const lost = (options.own_keys ?? []).filter((name) => !given.own_keys?.includes(name));
  const [missing] = await missingKeys(parts, workspace, { own_keys: lost });
  if (missing === undefined) return;
  throw invalid(
    ['body', 'provider_api_keys', missing],
    `The run was interrupted because its key for \`${missing}\` was lost. Send one.`,
  );
}
