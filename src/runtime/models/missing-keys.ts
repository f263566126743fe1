import type { ModelProvider } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid, PlatformError } from '../../kernel/errors.ts';
import type { RunRecord, StoredCallOptions } from '../../logs/log-record.ts';
import type { ModelParts } from './model-parts.ts';
import { chooseProvider } from './model-request.ts';
import { findKeys } from './provider-keys.ts';

/** The providers whose keys came with the run's call only, and for which no other key exists. */
export async function missingKeys(
  parts: ModelParts,
  workspace: Workspace,
  { own_keys: names = [] }: StoredCallOptions,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const keys = await findKeys({ parts, workspace, providerApiKeys: {} });
  return names.filter((provider) => {
    try {
      chooseProvider(parts, { provider: provider as ModelProvider }, keys);
      return false;
    } catch (error) {
      if (error instanceof PlatformError) return true;
      throw error;
    }
  });
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
