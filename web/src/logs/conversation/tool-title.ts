import { isNumber } from '../values/json-text.ts';

/** A tool's name in words: `get_balance` is "Get balance", `lookupAccount` is "Lookup account". */
export function toolTitle(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\-./]+/g, ' ')
    .trim();
  // A name in capitals or with spaces is already as somebody wants it read.
  const text = /\s/.test(name) ? name : words.toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The arguments of a call in a few words: their values, without their names. */
export function argumentsInShort(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value)
    .filter((one) => isNumber(one) || ['string', 'boolean'].includes(typeof one))
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .join(', ')
    .slice(0, 120);
}
