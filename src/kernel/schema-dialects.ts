import { isRecord, type JsonObject } from './json-object.ts';

/**
 * The same schema in the words of draft 2020-12: what older drafts and OpenAPI say otherwise.
 * Words that say which draft it is have no use here.
 */
export function inNewWords(written: JsonObject): JsonObject {
  const { $schema, $async, $recursiveAnchor, nullable, discriminator, ...others } = written;
  const { id, $recursiveRef, additionalItems, ...schema } = others;
  if (nullable === true && schema['type'] === undefined) {
    return { anyOf: [schema, { type: 'null' }] };
  }
  return {
    ...schema,
    ...anchor(schema['$id'] ?? id),
    // In draft 2019-09, what refers to the schema itself.
    ...($recursiveRef === undefined ? {} : { $ref: $recursiveRef }),
    required: requiredNames(schema),
    ...tuple(schema['items'], additionalItems),
    ...limits(schema, 'minimum', 'exclusiveMinimum'),
    ...limits(schema, 'maximum', 'exclusiveMaximum'),
    ...(nullable === true ? orNull(schema) : {}),
  };
}

const jsonTypes = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** Names of types in programming languages. */
const otherTypes: ReadonlyMap<string, string> = new Map([
  ['str', 'string'],
  ['text', 'string'],
  ['int', 'integer'],
  ['int32', 'integer'],
  ['int64', 'integer'],
  ['long', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['decimal', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['tuple', 'array'],
  ['set', 'array'],
  ['dict', 'object'],
  ['map', 'object'],
  ['none', 'null'],
]);

/** Types by their names in JSON Schema; undefined when one of them is unknown: it may be any. */
export function typesOf(written: unknown): unknown {
  const types = [written].flat().map((type) => {
    const name = String(type).toLowerCase();
    return jsonTypes.has(name) ? name : otherTypes.get(name);
  });
  if (types.length === 0 || types.includes(undefined)) return undefined;
  const names = [...new Set(types)];
  return names.length === 1 ? names[0] : names;
}

/** A list of names; undefined when it is none. */
export function namesOf(written: unknown): readonly string[] | undefined {
  if (typeof written === 'string') return [written];
  if (!Array.isArray(written)) return undefined;
  return written.filter((name) => typeof name === 'string');
}

/** Before 2019, an `$id` that begins with `#` was what `$anchor` is now; in draft 4, an `id`. */
function anchor(id: unknown): JsonObject {
  if (typeof id !== 'string' || !id.startsWith('#')) return {};
  return { $anchor: id.slice(1), $id: undefined };
}

/** Draft 3 says of a property that it is required, and not of the object. */
function requiredNames({ required, properties }: JsonObject): unknown {
  const members = isRecord(properties) ? Object.entries(properties) : [];
  const needed = members.flatMap(([name, member]) =>
    isRecord(member) && member['required'] === true ? [name] : [],
  );
  if (required == null || typeof required === 'boolean') {
    return needed.length > 0 ? needed : undefined;
  }
  const listed = namesOf(required);
  return listed ? [...new Set([...listed, ...needed])] : required;
}

/** Before 2020, a list of schemas in `items` was what `prefixItems` is now. */
function tuple(items: unknown, additionalItems: unknown): JsonObject {
  if (!Array.isArray(items)) return {};
  const prefix = items.length > 0 ? { prefixItems: items } : {};
  return { ...prefix, items: additionalItems ?? true };
}

/** In draft 4, `exclusiveMinimum: true` said of `minimum` that it is itself no longer allowed. */
function limits(schema: JsonObject, inclusive: string, exclusive: string): JsonObject {
  if (typeof schema[exclusive] !== 'boolean') return {};
  const isExclusive = schema[exclusive] && schema[inclusive] !== undefined;
  return isExclusive
    ? { [exclusive]: schema[inclusive], [inclusive]: undefined }
    : { [exclusive]: undefined };
}

/** OpenAPI's `nullable`. */
function orNull({ type, enum: values }: JsonObject): JsonObject {
  return {
    type: [type, 'null'].flat(),
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}
