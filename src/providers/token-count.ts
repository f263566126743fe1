import { withDoubles } from '../kernel/exact-json.ts';
import { isRecord } from '../kernel/json-object.ts';

/**
 * The token count at a path into a vendor's body; null when there is none. Some servers send numbers
 * as text.
 */
export function tokenCount(body: unknown, ...path: readonly string[]): number | null {
  let value = body;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  const isText = typeof value === 'string' && /^\d+$/.test(value);
  const count = isText ? Number(value) : withDoubles(value);
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** The first of several counts that is more than 0, else the first that is known. */
export function firstCount(...counts: readonly (number | null)[]): number | null {
  return (
    counts.find((count) => count !== null && count > 0) ??
    counts.find((count) => count !== null) ??
    null
  );
}

/** A total minus its known parts; null when the total is unknown. */
export function remainder(total: number | null, ...parts: readonly (number | null)[]) {
  if (total === null) return null;
  return Math.max(
    0,
    parts.reduce<number>((left, part) => left - (part ?? 0), total),
  );
}
