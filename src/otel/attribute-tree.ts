import { invalid } from '../kernel/errors.ts';

/** A value that was flattened into attributes: a text, or a list or an object of such values. */
export type Tree = string | readonly Tree[] | { readonly [name: string]: Tree };

type Branch = Map<string, string | Branch>;

/** The same limit as for the nesting of a body. */
const deepestNesting = 100;

/**
 * Rebuilds values from flattened attributes: `log.messages.0.role` is the `role` of the first item
 * of the list `messages` of `log`. An object with the names 0, 1, 2 … becomes a list.
 *
 * Clients write the members of an object from the last to the first, so they are read in reverse.
 *
 * @throws `invalid` for a path of more than 100 steps, and for a step `__proto__`.
 */
export function attributeTree(attributes: readonly (readonly [key: string, text: string])[]): Tree {
  const root: Branch = new Map();
  for (const [key, text] of attributes.toReversed()) {
    const steps = key.split('.');
    if (steps.length > deepestNesting) {
      throw invalid(['body', 'attributes'], `A key can have at most ${deepestNesting} parts.`);
    }
    if (steps.includes('__proto__')) {
      throw invalid(['body', 'attributes'], 'A field cannot be named `__proto__`.');
    }
    put(root, steps, text);
  }
  return toTree(root);
}

/** When a key stands for both a text and an object, keep the object, which contains more. */
function put(root: Branch, steps: readonly string[], text: string): void {
  let branch = root;
  for (const [index, step] of steps.entries()) {
    const member = branch.get(step);
    if (index === steps.length - 1) {
      if (member === undefined) branch.set(step, text);
    } else if (member instanceof Map) {
      branch = member;
    } else {
      const inner: Branch = new Map();
      branch.set(step, inner);
      branch = inner;
    }
  }
}

function toTree(branch: Branch): Tree {
  const read = (member: string | Branch = '') => (member instanceof Map ? toTree(member) : member);
  let items = 0;
  while (branch.has(String(items))) items += 1;
  return items > 0 && items === branch.size
    ? Array.from({ length: items }, (_, index) => read(branch.get(String(index))))
    : Object.fromEntries(Array.from(branch, ([name, member]) => [name, read(member)]));
}
