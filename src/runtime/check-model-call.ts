import { chooseProvider, type ModelSpec, requireCallable } from './model-request.ts';
import type { Runnable } from './start-run.ts';

/**
 * Checks a call of what asks a model: what `requireCallable` and `chooseProvider` check.
 *
 * @param endpoints those that versions of the kind can be called with.
 */
export function checkModelCall(
  endpoints: Parameters<typeof requireCallable>[2],
): Runnable['check'] {
  return (parts, { version, record, tools, providerApiKeys }) => {
    const spec = version.spec as ModelSpec;
    requireCallable(spec, record, endpoints, tools.snippets);
    chooseProvider(parts, spec, providerApiKeys);
  };
}
