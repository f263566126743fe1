/** The parts of `JSON` that browsers have and TypeScript does not know yet. Old browsers lack them. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  readonly rawJSON?: (text: string) => unknown;
  readonly isRawJSON?: (value: unknown) => boolean;
};

/**
 * Parses JSON, and keeps as it is written what a number would change: `1250.00`, `12345678901234567890`.
 * Such a number is written again as it stood; it is none to calculate with.
 *
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  if (!rawJSON || !mayChange.test(text)) return JSON.parse(text);
  return JSON.parse(text, ((_name: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? rawJSON(source)
      : value) as (name: string, value: unknown) => unknown);
}

/** Whether a value is a number that is kept as it was written. */
export function isExactNumber(value: unknown): boolean {
  return isRawJSON?.(value) ?? false;
}

/** Whether there is such a number anywhere in a value. */
export function hasExactNumbers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isExactNumber(value) || Object.values(value).some(hasExactNumbers);
}

/** A number to calculate with, in place of one that is kept as it was written; anything else as it is. */
export function asDouble(value: unknown): unknown {
  return isExactNumber(value) ? Number(JSON.stringify(value)) : value;
}

/**
 * A number that may not be written again as it stands: 16 or more digits, a fraction that ends with 0, an
 * exponent, -0. Texts may match, too: that costs time, and no more.
 */
const mayChange =
  /(?:^|[\s,:[])(?:-?\d[\d.]{15}|(?:-?\d+\.\d*0|-?\d[\d.]*[eE][-+]?\d+|-0)(?=[\s,\]}]|$))/;
