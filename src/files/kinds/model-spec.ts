import type { ChatMessage } from '../../contract/chat.ts';
import type { Fallback } from '../../contract/kinds/model.ts';
import { invalid } from '../../kernel/errors.ts';
import type { FileVersion } from '../file-version.ts';
import { withoutNulls, withoutNullsBelow } from '../kind.ts';
import { templateVariables } from '../template/template.ts';

/**
 * What a model's fields are when they are not given. A version made without one equals a version
 * made with its default.
 */
const defaults = {
  endpoint: 'chat',
  provider: 'openai',
  template_language: 'default',
  max_tokens: -1,
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  other: {},
};

/** The canonical form of the fields that agents and prompts share. */
export function canonicalModelSpec(spec: object): Record<string, unknown> {
  const given = withoutNulls(spec);
  const { template, response_format: format, other } = given;
  return {
    ...defaults,
    ...given,
    ...(template === undefined ? {} : { template: withoutNullsBelow(template) }),
    ...(format === undefined ? {} : { response_format: withoutNulls(format as object) }),
    ...(other === undefined ? {} : { other: canonicalOther(other) }),
  };
}

/** Of the further fields of a request, only those have one form that are meant for us. */
function canonicalOther(other: unknown): object {
  const { fallbacks, ...rest } = other as { readonly fallbacks?: readonly Fallback[] | null };
  return fallbacks?.length ? { ...rest, fallbacks: fallbacks.map(withoutNulls) } : rest;
}

/** The variables of a spec's template, in order of first use. */
export function modelInputNames(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const template = (spec['template'] ?? null) as string | ChatMessage[] | null;
  const language = spec['template_language'] === 'jinja' ? 'jinja' : 'default';
  return templateVariables(template, language);
}

/** Whether the model of a file completes a text, and so takes no messages. */
export function isCompletion({ spec }: FileVersion): boolean {
  return 'endpoint' in spec && spec.endpoint === 'complete';
}

/** @throws `invalid` when two tools have one name: a model could not tell which it calls. */
export function requireDistinctNames(
  names: readonly { readonly name: string; readonly loc: readonly (string | number)[] }[],
): void {
  const seen = new Set<string>();
  for (const { name, loc } of names) {
    if (seen.has(name)) throw invalid(['body', ...loc], `There are two tools named \`${name}\`.`);
    seen.add(name);
  }
}
