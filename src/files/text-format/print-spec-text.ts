import { isDeepStrictEqual } from 'node:util';
import { asWritten } from '../given-defaults.ts';
import type { FileKind } from '../kind.ts';
import { printContent, type Template } from './content.ts';
import { yamlField, yamlFloat, yamlLines, yamlValue } from './print-yaml.ts';

/** Fields that come before all others, in the order of the published samples, with their defaults too. */
const firstFields = [
  'model',
  'temperature',
  'max_tokens',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'max_iterations',
  'provider',
  'endpoint',
];

/**
 * Fields that are not among those in alphabetical order: they come first or last, or are the
 * content.
 */
const placedFields = new Set([...firstFields, 'tools', 'template']);

const floats = new Set(['temperature', 'top_p', 'presence_penalty', 'frequency_penalty']);

/**
 * The text of a file with this spec: front matter, then the template. Reading it gives the same
 * version.
 *
 * If the content cannot express a template (blanks at the end of a message, names, thinking, a chat
 * that is plain text), it is written in JSON as a field of the front matter, `template`.
 *
 * @param spec as it was requested; one that was stored, as `asRequested` has it.
 * @param options.givenDefaults true: writes out the defaults that the spec writes out, and no others. See
 *   `givenDefaults`.
 */
export function printSpecText(
  kind: FileKind,
  spec: Readonly<Record<string, unknown>>,
  options: TextOptions = {},
): string {
  const canonical = options.givenDefaults ? asWritten(kind, spec) : kind.canonicalSpec(spec);
  const implied = kind.canonicalSpec({ model: canonical['model'] });
  const template = canonical['template'] as Template | undefined;
  const content = template === undefined ? '' : printContent(template, endpointOf(canonical));

  const others = Object.keys(kind.spec.properties)
    .filter((name) => !placedFields.has(name))
    .filter((name) => !isDeepStrictEqual(canonical[name], implied[name]))
    .concat(content === undefined ? ['template'] : [])
    .sort();
  const lines = [
    ...firstFields.filter((name) => canonical[name] !== undefined),
    ...others,
    'tools',
  ].map((name) => `${name}: ${printField(name, canonical[name])}\n`);
  return `---\n${lines.join('')}---\n${content ?? ''}`;
}

export interface TextOptions {
  readonly givenDefaults?: boolean;
}

function printField(name: string, value: unknown): string {
  if (name === 'tools') return yamlLines(value as readonly unknown[]);
  if (name === 'template') return yamlValue(value);
  return floats.has(name) ? yamlFloat(value) : yamlField(value);
}

function endpointOf(spec: Readonly<Record<string, unknown>>): string {
  return String(spec['endpoint']);
}
