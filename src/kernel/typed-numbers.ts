import { hasExactNumbers, withDoubles } from './exact-json.ts';
import { ExactNumber } from './exact-number.ts';
import { isRecord, type JsonObject } from './json-object.ts';

/**
 * A checked value with doubles wherever its schema has a number: Python clients send `1.0` for
 * `temperature: 1`. Where the schema leaves the form to the caller, numbers stay as they were written.
 */
export function withTypedNumbers(value: unknown, schema: object): unknown {
  return typed(value, membersOf([schema]), isNumber);
}

/**
 * A value with doubles wherever its schema says anything: what takes any value is not copied. A check
 * of the value finds what it would find with doubles everywhere.
 */
export function withCheckedNumbers(value: unknown, schema: object): unknown {
  return hasExactNumbers(value) ? typed(value, membersOf([schema]), () => true) : value;
}

/**
 * @param schemas every schema that the value may be checked by, unions taken apart.
 * @param isDouble whether a number that these schemas check becomes a double.
 */
function typed(
  value: unknown,
  schemas: readonly JsonObject[],
  isDouble: (schemas: readonly JsonObject[]) => boolean,
): unknown {
  if (schemas.length === 0) return value;
  if (value instanceof ExactNumber) return isDouble(schemas) ? value.valueOf() : value;
  if (isDouble !== isNumber && schemas.some(hasOddWord)) return withDoubles(value);
  if (Array.isArray(value)) {
    const ofItems = membersOf(schemas.map(({ items }) => items));
    return ofItems.length === 0 ? value : value.map((item) => typed(item, ofItems, isDouble));
  }
  if (!isRecord(value)) return value;
  const { ofOthers, ofName, names } = memberSchemas(schemas);
  // An object may have very many names that no schema knows.
  const looked = ofOthers.length === 0 ? names.filter((name) => Object.hasOwn(value, name)) : null;
  const changes = (looked ?? Object.keys(value)).flatMap((name) => {
    const member = typed(value[name], ofName(name), isDouble);
    return member === value[name] ? [] : [[name, member] as const];
  });
  return changes.length === 0 ? value : Object.fromEntries([...Object.entries(value), ...changes]);
}

/** The schemas of members: of names that some schema knows, and of all others. */
function memberSchemas(schemas: readonly JsonObject[]) {
  const known = schemas.flatMap(({ properties }) =>
    isRecord(properties) ? Object.keys(properties) : [],
  );
  const names = new Set(known);
  const ofMember = (name: string) =>
    membersOf(schemas.map((schema) => schemaOfMember(schema, name)));
  const ofOthers = ofMember(unknownName);
  const ofName = (name: string) => (names.has(name) ? ofMember(name) : ofOthers);
  return { names: [...names], ofName, ofOthers };
}

/** Whether a field is a number. Where a boolean may stand as well, it is of any type. */
function isNumber(schemas: readonly JsonObject[]): boolean {
  const types = new Set(schemas.flatMap(({ type }) => type));
  return (types.has('number') || types.has('integer')) && !types.has('boolean');
}

/** Schemas and, in place of unions, their members; none for those that take anything. */
function membersOf(schemas: readonly unknown[]): readonly JsonObject[] {
  return schemas.filter(isRecord).flatMap((schema) => {
    const { anyOf = [], oneOf = [], allOf = [] } = schema;
    const own = Object.keys(schema).some((word) => !silent.has(word)) ? [schema] : [];
    return [...own, ...membersOf([anyOf, oneOf, allOf].flat())];
  });
}

/** No schema has it: a name in a body cannot have a NUL. */
const unknownName = '\0';

/** The words of a schema that no check looks at. */
const silent = new Set([
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'checkedByCode',
  '~kind',
  '~optional',
]);

/** Words whose schemas are not followed here. */
const oddWords = ['$ref', 'not', 'if', 'then', 'else', 'prefixItems', 'contains', 'propertyNames'];

function hasOddWord(schema: JsonObject): boolean {
  return oddWords.some((word) => word in schema);
}

function schemaOfMember(schema: JsonObject, name: string): unknown {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isRecord(properties) && Object.hasOwn(properties, name)) return properties[name];
  // A record of any names.
  return isRecord(patternProperties) ? Object.values(patternProperties)[0] : additionalProperties;
}
