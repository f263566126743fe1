import { Type } from 'typebox';

/** Keywords of JSON Schema. */
type Keywords = Readonly<Record<string, unknown>>;

/**
 * Rules that hold of a value beside those that the validator checks. Code checks them, since its
 * refusal says more, or names another place; the document at `/openapi.json` has them among the
 * keywords of the schema.
 *
 * Of objects they are said with `if`, `else` and `not`, and not with `anyOf`: generators of clients
 * would take that for a union of objects without fields.
 */
export function checkedByCode(keywords: Keywords): { readonly checkedByCode: Keywords } {
  return { checkedByCode: keywords };
}

/** That an object has a text in a field. */
export function hasText(field: string, minLength = 0): Keywords {
  return { required: [field], properties: { [field]: { type: 'string', minLength } } };
}

/** That of two things at most one is so. */
export function notBoth(one: Keywords, other: Keywords): Keywords {
  return { not: { allOf: [one, other] } };
}

/** That at least one of some things is so; for what stands inside of another rule. */
export function anyOf(...these: readonly Keywords[]): Keywords {
  return { anyOf: these };
}

/** A request says which file it is about. An empty id is none. */
export const saysWhichFile = checkedByCode({ if: hasText('id', 1), else: hasText('path') });

/** A log's outcome is one of two. */
export const oneOutcome = checkedByCode(notBoth(hasText('output'), hasText('error')));

const segment = '[^/]*[^/\\s][^/]*';

/** The path of a file or a directory. */
export const pathSchema = Type.String({
  description: 'From the root, with the name: `folder/name`.',
  ...checkedByCode({ pattern: `^${segment}(?:/${segment}){0,63}$` }),
});

/** The name of a file or a directory: the last part of its path. */
export const nameSchema = Type.String(checkedByCode({ pattern: `^${segment}$` }));
