import { parseExactJson } from '../../kernel/exact-json.ts';
import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import { type MendedSchema, mendedSchema, valueAt } from '../../kernel/mended-schema.ts';
import { gatheredMembers } from './gathered-members.ts';

/** Words that OpenAI and Anthropic refuse at the top of a tool's schema. */
const refused = ['anyOf', 'oneOf', 'allOf', 'not', 'enum', 'const'] as const;

/**
 * The schema of a tool's arguments, as vendors take it: a vendor that refuses the schema of one tool
 * refuses the whole request. At the top it is an object with `properties`. Those of variants are
 * put together; the server that has the tool checks what they mean.
 */
export function objectSchema(written: unknown): MendedSchema {
  const { schema, leftOut } = mendedSchema(parsed(written) ?? {});
  const root = withoutReference(schema, schema, 0);
  const isObject = root['type'] === undefined || [root['type']].flat().includes('object');
  if (!isObject) {
    return { schema: { type: 'object', properties: {} }, leftOut: [...leftOut, '`type`'] };
  }
  const found = refused.filter((word) => root[word] !== undefined);
  const rest = Object.fromEntries(
    Object.entries(root).filter(([word]) => !refused.some((other) => other === word)),
  );
  return {
    schema: { ...rest, ...gatheredMembers(root, schema), type: 'object' },
    leftOut: [...leftOut, ...found.map((word) => `\`${word}\``)],
  };
}

/** What a schema refers to, together with what stands beside the reference. */
function withoutReference(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const { $ref, ...own } = schema;
  const target = typeof $ref === 'string' && depth < deepest ? valueAt(root, $ref) : undefined;
  return isRecord(target) ? { ...own, ...withoutReference(target, root, depth + 1) } : own;
}

/** References that lead to themselves are followed so far. */
const deepest = 10;

/** Some servers send the schema as a text. */
function parsed(written: unknown): unknown {
  if (typeof written !== 'string') return written;
  try {
    return parseExactJson(written);
  } catch {
    return written;
  }
}
