import type { ModelName } from '../../contract/providers.ts';
import { vendorOfModel } from '../../providers/model-names.ts';
import { ProviderFailure } from '../../providers/provider.ts';

/**
 * What to mend where a version names a model of one vendor and the provider of another, in a
 * sentence. The name alone says nothing for certain (a proxy may have models of every vendor), so it
 * is said only of a call that failed. Undefined: the two agree, or the name does not tell.
 */
export function vendorHint({ provider, model }: ModelName): string | undefined {
  const vendor = vendorOfModel(model);
  // No hint for Azure, whose deployments have any name, nor for the mock, which takes any.
  const isAnyName = provider === 'openai_azure' || provider === 'mock';
  if (!vendor || isAnyName || vendor.provider === provider) return undefined;
  const named = `\`${provider}\`${provider === 'openai' ? ', the default' : ''}`;
  return `\`${model}\` is a model of ${vendor.title}, but the version’s \`provider\` is ${named}. Set it to \`${vendor.provider}\`.`;
}

/** A failure that says what to mend, where that may be why it failed; others as they are. */
export function withVendorHint(failure: ProviderFailure, asked: ModelName): ProviderFailure {
  const hint = failure.isRetryable ? undefined : vendorHint(asked);
  if (hint === undefined) return failure;
  const end = /[.!?]$/.test(failure.message) ? ' ' : '. ';
  return new ProviderFailure(failure.kind, `${failure.message}${end}${hint}`, failure);
}
