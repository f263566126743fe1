import { isModelProvider, type ModelName } from '../../contract/providers.ts';
import { vendorOfModel } from '../../providers/model-names.ts';
import { ProviderFailure } from '../../providers/provider.ts';

/**
 * A sentence that says that a version names the model of one vendor and another provider; undefined
 * when the two agree, or when the name does not show a vendor. A proxy may serve models of every
 * vendor, so this is only a hint, and only for calls that failed.
 */
export function vendorHint({ provider, model }: ModelName): string | undefined {
  const vendor = vendorOfModel(model);
  // Give no hint for Azure, whose deployments can have any name, nor for the mock and for custom
  // endpoints, which accept any name.
  const isAnyName =
    provider === 'openai_azure' || provider === 'mock' || !isModelProvider(provider);
  if (!vendor || isAnyName || vendor.provider === provider) return undefined;
  const named = `\`${provider}\`${provider === 'openai' ? ', the default' : ''}`;
  return `\`${model}\` is a model of ${vendor.title}, but the version’s \`provider\` is ${named}. Set it to \`${vendor.provider}\`.`;
}

/** Adds the hint to a failure that it may explain. Other failures are returned unchanged. */
export function withVendorHint(failure: ProviderFailure, asked: ModelName): ProviderFailure {
  const hint = failure.isRetryable ? undefined : vendorHint(asked);
  if (hint === undefined) return failure;
  const end = /[.!?]$/.test(failure.message) ? ' ' : '. ';
  return new ProviderFailure(failure.kind, `${failure.message}${end}${hint}`, failure);
}
