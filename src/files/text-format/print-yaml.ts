import { isRecord } from '../../kernel/json-object.ts';

/** A value as YAML on one line: JSON with spaces. */
export function yamlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  if (typeof value === 'string') return quoted(value);
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${quoted(key)}: ${yamlValue(member)}`);
  return `{${members.join(', ')}}`;
}

/**
 * The value of a field. A word is written without quotes, unless YAML would read it differently.
 */
export function yamlField(value: unknown): string {
  const isWord = typeof value === 'string' && /^[A-Za-z][\w./-]*$/.test(value);
  return isWord && !otherWords.test(value) ? value : yamlValue(value);
}

/** A number as YAML, always with a decimal point, to show that fractions are allowed. */
export function yamlFloat(value: unknown): string {
  const written = yamlValue(value);
  return /^-?\d+$/.test(written) ? `${written}.0` : written;
}

/** A list with one item a line. */
export function yamlLines(items: readonly unknown[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `  ${yamlValue(item)}`).join(',\n')}\n]`;
}

/** Words that YAML 1.2 or YAML 1.1 does not read as text. */
const otherWords = /^(null|true|false|yes|no|y|n|on|off)$/i;

/** Characters that YAML may read as line breaks, or does not allow unescaped. */
const unprintable = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
