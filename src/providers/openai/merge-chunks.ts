import { isRecord } from '../../kernel/json-object.ts';

export type Writable = Record<string, unknown>;

/** String fields in which a new value replaces the old one; in all others it is appended. */
const wholeFields = new Set(['role', 'type', 'id', 'name', 'index', 'format']);

/** Merges a chunk into the body: strings and lists are appended, objects are merged. */
export function merge(target: Writable, delta: Readonly<Record<string, unknown>>) {
  for (const [key, value] of Object.entries(delta)) {
    const before = target[key];
    if (value == null) {
      if (!(key in target)) put(target, key, value);
    } else if (typeof value === 'string') {
      const joins = typeof before === 'string' && !wholeFields.has(key);
      if (joins) target[key] = before + value;
      // An id that is repeated as '' is unchanged.
      else if (value !== '' || before == null) put(target, key, value);
    } else if (Array.isArray(value)) {
      const list = Array.isArray(before) ? before : [];
      put(target, key, list);
      for (const member of value) addMember(list, member);
    } else if (isRecord(value) && isRecord(before)) {
      merge(before as Writable, value);
    } else if (isRecord(value)) {
      const copy: Writable = {};
      put(target, key, copy);
      merge(copy, value);
    } else {
      put(target, key, value);
    }
  }
}

function addMember(list: unknown[], member: unknown) {
  if (!isRecord(member)) {
    list.push(member);
    return;
  }
  const { index } = member;
  const same = typeof index === 'number' ? lastWith(list, index) : undefined;
  if (same !== undefined) {
    merge(same as Writable, member);
    return;
  }
  const copy: Writable = {};
  merge(copy, member);
  list.push(copy);
}

/** Members that are not among the last so many are not looked for: an answer may have very many. */
const mostLookedAt = 1_000;

function lastWith(list: readonly unknown[], index: number): unknown {
  const end = Math.max(0, list.length - mostLookedAt);
  for (let at = list.length - 1; at >= end; at--) {
    const member = list[at];
    if (isRecord(member) && member['index'] === index) return member;
  }
  return undefined;
}

/**
 * Sets a field, or the fields of an object. A later zero, null or empty text erases nothing: some
 * servers count tokens with every chunk and end with zeros, and some send blank frames.
 */
export function mergeKnown(target: Writable, key: string, value: unknown) {
  const before = target[key];
  if (isRecord(value) && isRecord(before)) {
    for (const [name, more] of Object.entries(value)) mergeKnown(before as Writable, name, more);
  } else if (isRecord(value)) {
    put(target, key, { ...value });
  } else if (before == null || (value != null && value !== 0 && value !== '')) {
    if (value !== undefined) put(target, key, value);
  }
}

/** Sets a field of any name: with an assignment, `__proto__` would set the prototype. */
export function put(target: Writable, key: string, value: unknown) {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}
