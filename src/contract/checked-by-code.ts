import { Type } from 'typebox';

/** Keywords of JSON Schema. */
type Keywords = Readonly<Record<string, unknown>>;

/**
 * Marks rules of a schema that the validator skips and code checks instead, because the code gives
 * a better message or names a better place. `/openapi.json` shows them as ordinary keywords of the
 * schema.
 *
 * For objects, write rules with `if`, `else` and `not` instead of `anyOf`: client generators would
 * read `anyOf` as a union of objects without fields.
 */
export function checkedByCode(keywords: Keywords): { readonly checkedByCode: Keywords } {
  return { checkedByCode: keywords };
}

/** The object has a string in this field. */
export function hasText(field: string, minLength = 0): Keywords {
  return { required: [field], properties: { [field]: { type: 'string', minLength } } };
}

/** The object has a value in this field that is not null. */
export function isGiven(field: string): Keywords {
  return { required: [field], properties: { [field]: { not: { type: 'null' } } } };
}

/** At most one of the two rules holds. */
export function notBoth(one: Keywords, other: Keywords): Keywords {
  return { not: { allOf: [one, other] } };
}

/** At least one of the rules holds. Use it only inside another rule; see {@link checkedByCode}. */
export function anyOf(...these: readonly Keywords[]): Keywords {
  return { anyOf: these };
}

/** The request has the path or the id of a file. An empty id counts as no id. */
export const requiresPathOrId = checkedByCode({ if: hasText('id', 1), else: hasText('path') });

/** A log has an output or an error, not both. */
export const outputOrError = checkedByCode(notBoth(hasText('output'), hasText('error')));

const segment = '[^/]*[^/\\s][^/]*';

/** The path of a file or a directory. */
export const pathSchema = Type.String({
  description: 'The path from the root, with the name at its end: `folder/name`.',
  ...checkedByCode({ pattern: `^${segment}(?:/${segment}){0,63}$` }),
});

/** The name of a file or a directory: the last part of its path. */
export const nameSchema = Type.String(checkedByCode({ pattern: `^${segment}$` }));
