import { parseExactJson } from '../kernel/exact-json.ts';

/** The input of a call, which some servers send as JSON in a text. */
export function inputOf(input: unknown): unknown {
  if (typeof input !== 'string') return input ?? {};
  try {
    return parseExactJson(input || '{}');
  } catch {
    return input;
  }
}
