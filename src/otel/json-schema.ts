import type { Tree } from './attribute-tree.ts';
import { booleanIn, numberIn, toItems, toMembers } from './text-value.ts';

/**
 * Restores the value of a keyword from its text. `type` is the `type` of the surrounding schema.
 */
type Read = (value: Tree, type?: Tree) => unknown;

const number: Read = (value) => numberIn(value) ?? value;
const boolean: Read = (value) => booleanIn(value) ?? value;
const schema: Read = (value) => booleanIn(value) ?? restoreSchema(value);
const schemas: Read = (value) => toItems(value).map(restoreSchema);
const namedSchemas: Read = (value) =>
  Object.fromEntries(Object.entries(toMembers(value)).map(([name, of]) => [name, schema(of)]));
const typed: Read = (value, type) => {
  if (type === 'number' || type === 'integer') return number(value);
  return type === 'boolean' ? boolean(value) : value;
};
const typedList: Read = (value, type) => listed(value).map((item) => typed(item, type));
/** In old schemas, `required` is a boolean inside a property. */
const required: Read = (value) => booleanIn(value) ?? listed(value);
const typeNames: Read = (value) =>
  typeof value === 'string' && !value.includes(',') ? value : listed(value);

const keywords: ReadonlyMap<string, Read> = new Map([
  ...readersFor(number, 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...readersFor(number, 'minLength maxLength minItems maxItems minProperties maxProperties'),
  ...readersFor(boolean, 'uniqueItems nullable deprecated readOnly writeOnly'),
  ...readersFor(schema, 'additionalProperties items not if then else contains propertyNames'),
  ...readersFor(schemas, 'anyOf allOf oneOf prefixItems'),
  ...readersFor(namedSchemas, 'properties patternProperties $defs definitions'),
  ...readersFor(typed, 'const default'),
  ...readersFor(typedList, 'enum examples'),
  ...readersFor(required, 'required'),
  ...readersFor(typeNames, 'type'),
]);

/**
 * Restores a JSON Schema whose values have become texts; each keyword determines the type of its
 * value.
 */
export function restoreSchema(tree: Tree): unknown {
  if (typeof tree === 'string') return tree;
  const members = toMembers(tree);
  const type = members['type'];
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      keywords.get(name)?.(value, type) ?? value,
    ]),
  );
}

/**
 * The items of a list that became a text: `a,b`, as JavaScript writes lists, or `('a', 'b')`, as
 * Python does.
 */
function listed(value: Tree): readonly Tree[] {
  if (typeof value !== 'string') return toItems(value);
  const inPython = /^[([](.*)[)\]]$/s.exec(value)?.[1];
  if (inPython === undefined) return value === '' ? [] : value.split(',');
  return [...inPython.matchAll(/'([^']*)'|"([^"]*)"|([^\s,'"]+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

function readersFor(read: Read, names: string): readonly (readonly [string, Read])[] {
  return names.split(' ').map((name) => [name, read]);
}
