import { isRecord } from './vendor-failure.ts';

/** A number of tokens as a vendor gave it, at a path into its body; null when it gave none. */
export function tokenCount(body: unknown, ...path: readonly string[]): number | null {
  let value = body;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** What is left of a total when its known parts are taken away. */
export function remainder(total: number | null, ...parts: readonly (number | null)[]) {
  if (total === null) return null;
  return Math.max(
    0,
    parts.reduce<number>((left, part) => left - (part ?? 0), total),
  );
}
