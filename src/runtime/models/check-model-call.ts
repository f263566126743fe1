import type { Runnable } from '../runs/run.ts';
import { chooseProvider } from './choose-provider.ts';
import type { ModelParts } from './model-parts.ts';
import { requireCallable, requireEndpoint } from './model-request.ts';

/**
 * Checks the call of a version that has a model; see `requireCallable` and `chooseProvider`.
 *
 * @param endpoints the callable endpoints of the version's kind.
 */
export function checkModelCall(
  endpoints: Parameters<typeof requireCallable>[1],
): Runnable<ModelParts, 'agent' | 'prompt'>['check'] {
  return async (parts, { workspace, version, record, tools, providerApiKeys }) => {
    const { spec } = version;
    await requireCallable(
      { spec, record, snippets: tools.snippets, call: record, workspace },
      endpoints,
    );
    await chooseProvider({ parts, workspace, providerApiKeys }, spec);
  };
}

/**
 * Checks what all calls of a version that has a model need: a callable endpoint, and a key that the
 * organization or the server has.
 *
 * @param endpoints the callable endpoints of the version's kind.
 */
export function checkModelVersion(
  endpoints: Parameters<typeof requireCallable>[1],
): Runnable<ModelParts, 'agent' | 'prompt'>['checkVersion'] {
  return async (parts, workspace, { spec }) => {
    requireEndpoint(spec, endpoints);
    await chooseProvider({ parts, workspace, providerApiKeys: {} }, spec);
  };
}
