import { isRecord } from './vendor-failure.ts';

/** The token count at a path into a vendor's body; null when there is none. */
export function tokenCount(body: unknown, ...path: readonly string[]): number | null {
  let value = body;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A total minus its known parts; null when the total is unknown. */
export function remainder(total: number | null, ...parts: readonly (number | null)[]) {
  if (total === null) return null;
  return Math.max(
    0,
    parts.reduce<number>((left, part) => left - (part ?? 0), total),
  );
}
