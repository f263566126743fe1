import type { ModelSpec } from '../../contract/kinds/model.ts';
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
): Runnable<ModelParts>['check'] {
  return async (parts, { workspace, version, record, tools, providerApiKeys }) => {
    const spec = version.spec as ModelSpec;
    requireCallable(spec, record, endpoints, tools.snippets);
    chooseProvider(parts, spec, await findKeys({ parts, workspace, providerApiKeys }));
  };
}
