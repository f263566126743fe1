import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid, isRefusal } from '../../kernel/errors.ts';
import type { RunRecord, StoredCallOptions } from '../../logs/log-record.ts';
import { isKey } from '../../providers/call-inputs.ts';
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
 * A key that no header can hold would be found at the first model call, which ends the run.
 *
 * @param given.keys what the continue brings.
 * @throws `invalid` for the first key that is missing, or is none.
 */
export async function requireKeys(
  parts: ModelParts,
  workspace: Workspace,
  { options }: RunRecord,
  given: { readonly options: StoredCallOptions; readonly keys: ProviderApiKeys | null | undefined },
): Promise<void> {
  const names = options.own_keys ?? [];
  for (const [name, key] of Object.entries(given.keys ?? {})) {
    if (typeof key !== 'string' || !names.includes(name) || isKey(key)) continue;
    throw invalid(
      ['body', 'provider_api_keys', name],
      'A key has letters, digits and signs alone. The run waits for another one.',
    );
  }
  const lost = names.filter((name) => !given.options.own_keys?.includes(name));
  const [missing] = await missingKeys(parts, workspace, { own_keys: lost });
  if (missing === undefined) return;
  throw invalid(
    ['body', 'provider_api_keys', missing],
    `The run was interrupted because its key for \`${missing}\` was lost. Send one.`,
  );
}
