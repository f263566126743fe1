import { ExactNumber } from './exact-number.ts';
import { isRecord, type JsonObject } from './json-object.ts';

/**
 * A checked value with doubles wherever its schema has a number: Python clients send `1.0` for
 * `temperature: 1`. Where the schema leaves the form to the caller, numbers stay as they were written.
 */
export function withTypedNumbers(value: unknown, schema: object): unknown {
  return typed(value, membersOf([schema]));
}

/** @param schemas every schema that the value may be checked by, unions taken apart. */
function typed(value: unknown, schemas: readonly JsonObject[]): unknown {
  if (schemas.length === 0) return value;
  if (value instanceof ExactNumber) return isNumber(schemas) ? value.valueOf() : value;
  if (Array.isArray(value)) {
    const ofItems = membersOf(schemas.map(({ items }) => items));
    return ofItems.length === 0 ? value : value.map((item) => typed(item, ofItems));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typed(member, membersOf(schemas.map((schema) => schemaOfMember(schema, name)))),
    ]),
  );
}

/** Whether a field is a number. Where a boolean may stand as well, it is of any type. */
function isNumber(schemas: readonly JsonObject[]): boolean {
  const types = new Set(schemas.flatMap(({ type }) => type));
  return (types.has('number') || types.has('integer')) && !types.has('boolean');
}

/** Schemas and, in place of unions, their members. */
function membersOf(schemas: readonly unknown[]): readonly JsonObject[] {
  return schemas.filter(isRecord).flatMap((schema) => {
    const { anyOf = [], oneOf = [], allOf = [] } = schema;
    return [schema, ...membersOf([anyOf, oneOf, allOf].flat())];
  });
}

function schemaOfMember(schema: JsonObject, name: string): unknown {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isRecord(properties) && Object.hasOwn(properties, name)) return properties[name];
  // A record of any names.
  return isRecord(patternProperties) ? Object.values(patternProperties)[0] : additionalProperties;
}
