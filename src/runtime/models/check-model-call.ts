import type { Runnable } from '../runs/run.ts';
import type { ModelParts } from './model-parts.ts';
import { chooseProvider, requireCallable } from './model-request.ts';
import { findKeys } from './provider-keys.ts';

/**
 * Checks a call of what asks a model: what `requireCallable` and `chooseProvider` check.
 *
 * @param endpoints those that versions of the kind can be called with.
 */
export function checkModelCall(
  endpoints: Parameters<typeof requireCallable>[2],
): Runnable<ModelParts, 'agent' | 'prompt'>['check'] {
  return async (parts, { workspace, version, record, tools, providerApiKeys }) => {
    requireCallable(version.spec, record, endpoints, tools.snippets);
    const keys = await findKeys({ parts, workspace, providerApiKeys });
    chooseProvider(parts, version.spec, keys);
  };
}
