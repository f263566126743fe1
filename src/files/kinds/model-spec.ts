import { type ModelSpec, modelDefaults } from '../../contract/kinds/model.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ProviderPlace } from '../kind.ts';
import { presentFields, presentFieldsBelow } from '../present-fields.ts';
import { requireReadable, templateVariables } from '../template/template.ts';

/**
 * The canonical form of the fields that agents and prompts share. A version without a field equals
 * a version with its default.
 *
 * @throws `invalid` for a template that is too long to be read.
 */
export function canonicalModelSpec(spec: ModelSpec): Record<string, unknown> {
  const { template, template_language: language, response_format: format, other } = spec;
  requireReadable(template ?? null, language ?? modelDefaults.template_language);
  return {
    ...modelDefaults,
    other: {},
    ...presentFields(spec),
    ...(template == null ? {} : { template: presentFieldsBelow(template) }),
    ...(format == null ? {} : { response_format: presentFields(format) }),
    ...(other == null ? {} : { other: canonicalOther(other) }),
  };
}

/** The canonical form of `other`. Only `fallbacks` has one; the vendor defines the other fields. */
function canonicalOther(other: NonNullable<ModelSpec['other']>): object {
  const { fallbacks, ...rest } = other;
  return fallbacks?.length ? { ...rest, fallbacks: fallbacks.map(presentFields) } : rest;
}

/** The variables of a spec's template, in order of first use. */
export function modelInputNames({
  template = null,
  template_language: language,
}: Pick<ModelSpec, 'template' | 'template_language'>): readonly string[] {
  return templateVariables(template, language ?? modelDefaults.template_language);
}

/** The providers of a model and its fallbacks. @param place of the model in the body. */
export function modelProviderPlaces(
  { provider, other }: Pick<ModelSpec, 'provider' | 'other'>,
  place: readonly string[] = [],
): readonly ProviderPlace[] {
  const fallbacks = (other?.fallbacks ?? []).map((fallback, index) => ({
    name: fallback.provider,
    loc: [...place, 'other', 'fallbacks', index, 'provider'],
  }));
  return [{ name: provider, loc: [...place, 'provider'] }, ...fallbacks].flatMap(({ name, loc }) =>
    name == null ? [] : [{ name, loc }],
  );
}

/** Completions take no messages, so they have only inputs. */
export function modelTakes({ endpoint }: Pick<ModelSpec, 'endpoint'>): 'inputs' | 'message' {
  return endpoint === 'complete' ? 'inputs' : 'message';
}

/** @throws `invalid` if two tools have the same name: a call by the model could mean either. */
export function requireDistinctNames(
  names: readonly { readonly name: string; readonly loc: readonly (string | number)[] }[],
): void {
  const seen = new Set<string>();
  for (const { name, loc } of names) {
    if (seen.has(name)) throw invalid(['body', ...loc], `There are two tools named \`${name}\`.`);
    seen.add(name);
  }
}
