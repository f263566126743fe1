/**
 * Text as Postgres can keep it: U+FFFD in place of every NUL and of every half of a surrogate
 * pair, which neither `text` nor `jsonb` takes. Nearly all text comes back as it is.
 */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.replaceAll('\0', '\uFFFD');
}

/** The first `length` characters, the last of them `…` when there were more. */
export function clipText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

const DEEPEST = 500;

/**
 * A JSON value with every string in it, keys included, put through `change`. What nothing was
 * changed in is the same object as before; what is nested deeper than 500 levels becomes null.
 */
export function mapStrings(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return null;
  let changed = false;
  const of = (member: unknown) => {
    const after = mapStrings(member, change, depth + 1);
    changed ||= after !== member;
    return after;
  };
  if (Array.isArray(value)) {
    const members = value.map(of);
    return changed ? members : value;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const name = change(key);
    changed ||= name !== key;
    return [name, of(member)] as const;
  });
  // fromEntries defines its keys, so that one called `__proto__` stays a key.
  return changed ? Object.fromEntries(members) : value;
}
