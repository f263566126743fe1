import type { Tree } from './attribute-tree.ts';

/** The value at a dotted path: `gen_ai.request.model`. */
export function valueAt(tree: Tree | undefined, path: string): Tree | undefined {
  let value: unknown = tree;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = value[step as keyof typeof value];
  }
  return value as Tree;
}

/**
 * The text at the first of the paths that has one; null when none has, since requests use null for
 * a missing text.
 */
export function textAt(tree: Tree | undefined, ...paths: readonly string[]): string | null {
  const texts = paths.map((path) => valueAt(tree, path));
  return texts.find((value) => typeof value === 'string') ?? null;
}

/** The number at the first of the paths that has one; null when none has. */
export function numberAt(tree: Tree | undefined, ...paths: readonly string[]): number | null {
  const numbers = paths.map((path) => numberIn(valueAt(tree, path)));
  return numbers.find((value) => value !== undefined) ?? null;
}

/** The number in a text; undefined for any other value. */
export function numberIn(value: Tree | undefined): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The boolean in a text, in Python's or JavaScript's spelling; undefined for any other value. */
export function booleanIn(value: Tree | undefined): boolean | undefined {
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : undefined;
}

/**
 * The members of an object; those of a list by their index, since an object may have such names
 * too.
 */
export function toMembers(value: Tree | undefined): { readonly [name: string]: Tree } {
  return typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
}

/** The items of a list, even when some were lost on the way. */
export function toItems(value: Tree | undefined): readonly Tree[] {
  return Array.isArray(value) ? value : Object.values(toMembers(value));
}
