import { type FieldName, fieldOf, type Spec } from './spec.ts';
import { readableTemplate } from './template.ts';

/** What each field is called. */
export const fieldLabels: Readonly<Record<FieldName, string>> = {
  provider: 'Provider',
  model: 'Model',
  endpoint: 'Endpoint',
  temperature: 'Temperature',
  max_tokens: 'Max tokens',
  top_p: 'Top P',
  presence_penalty: 'Presence penalty',
  frequency_penalty: 'Frequency penalty',
  stop: 'Stop sequences',
  seed: 'Seed',
  response_format: 'Response format',
  reasoning_effort: 'Reasoning',
  template_language: 'Template language',
  template: 'Instructions',
  other: 'Other fields',
  attributes: 'Attributes',
  max_iterations: 'Max iterations',
  tools: 'Tools',
  linked_tools: 'Linked tools',
};

/** The value of a field as a person reads it; empty when it is left out. */
export function fieldText(spec: Spec, name: FieldName): string {
  if (name === 'template') return readableTemplate(spec.template);
  const value = fieldOf(spec, name);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}
