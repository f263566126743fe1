import { ExactNumber } from './exact-number.ts';

/**
 * Makes a text storable in Postgres: U+FFFD replaces every NUL and every half of a surrogate pair,
 * which neither `text` nor `jsonb` accepts. Nearly all texts come back unchanged.
 */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.replaceAll('\0', '\uFFFD');
}

/** The text, cut to at most `length` characters; the last one is `…` when something was cut. */
export function clipText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

const DEEPEST = 500;

/**
 * Applies `change` to every string in a JSON value, keys included. A part without changes is
 * returned as the same object; a part nested deeper than 500 levels becomes null.
 */
export function mapStrings(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
  if (depth === DEEPEST) return null;
  let changed = false;
  const mapMember = (member: unknown) => {
    const after = mapStrings(member, change, depth + 1);
    changed ||= after !== member;
    return after;
  };
  if (Array.isArray(value)) {
    const members = value.map(mapMember);
    return changed ? members : value;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const name = change(key);
    changed ||= name !== key;
    return [name, mapMember(member)] as const;
  });
  // fromEntries defines keys, so a key called `__proto__` stays one; an assignment would set the
  // prototype.
  return changed ? Object.fromEntries(members) : value;
}
