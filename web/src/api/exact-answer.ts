import { asDouble, isExactNumber, parseExact } from '../json/exact-json.ts';

/**
 * Members of our answers that hold what people, their code and models wrote. All other numbers are ours,
 * and are calculated with.
 */
const given = new Set([
  'inputs',
  'target',
  'metadata',
  'messages',
  'message',
  'results',
  'continuation',
  'output_message',
  'provider_request',
  'provider_response',
  'request',
  'response',
]);

/** Parses an answer: numbers in what was given stay as they were written, the others are numbers. */
export function readAnswer(text: string): unknown {
  return withNumbers(parseExact(text));
}

function withNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isExactNumber(value)) return asDouble(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  const members = value as Record<string, unknown>;
  for (const name in members) {
    if (!given.has(name)) members[name] = withNumbers(members[name]);
  }
  return value;
}
