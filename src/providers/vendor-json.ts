import { parseJson } from '../kernel/read-json.ts';

/**
 * The value of a JSON text of a vendor; the text itself when it is none, or when to read it would take
 * long. A whole answer with the probabilities of its tokens may have some hundred thousand values.
 */
export function vendorJson(text: string): unknown {
  try {
    return parseJson(text, bounds);
  } catch {
    return text;
  }
}

const bounds = {
  name: 'The answer',
  loc: [],
  most: { values: 1_000_000 },
  mostExact: 250_000,
  deepest: 10_000,
};
