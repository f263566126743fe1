import type { Tree } from './attribute-tree.ts';
import { booleanIn, itemsOf, membersOf, numberIn } from './text-value.ts';

/** What a keyword has, from the text of it, beside the `type` of the schema that it stands in. */
type Read = (value: Tree, type?: Tree) => unknown;

const number: Read = (value) => numberIn(value) ?? value;
const boolean: Read = (value) => booleanIn(value) ?? value;
const schema: Read = (value) => booleanIn(value) ?? jsonSchemaOf(value);
const schemas: Read = (value) => itemsOf(value).map(jsonSchemaOf);
const namedSchemas: Read = (value) =>
  Object.fromEntries(Object.entries(membersOf(value)).map(([name, of]) => [name, schema(of)]));
const typed: Read = (value, type) => {
  if (type === 'number' || type === 'integer') return number(value);
  return type === 'boolean' ? boolean(value) : value;
};
const typedList: Read = (value, type) => listed(value).map((item) => typed(item, type));
/** In older schemas a property says of itself that it is required. */
const required: Read = (value) => booleanIn(value) ?? listed(value);
const typeNames: Read = (value) =>
  typeof value === 'string' && !value.includes(',') ? value : listed(value);

const keywords: ReadonlyMap<string, Read> = new Map([
  ...keywordsOf(number, 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...keywordsOf(number, 'minLength maxLength minItems maxItems minProperties maxProperties'),
  ...keywordsOf(boolean, 'uniqueItems nullable deprecated readOnly writeOnly'),
  ...keywordsOf(schema, 'additionalProperties items not if then else contains propertyNames'),
  ...keywordsOf(schemas, 'anyOf allOf oneOf prefixItems'),
  ...keywordsOf(namedSchemas, 'properties patternProperties $defs definitions'),
  ...keywordsOf(typed, 'const default'),
  ...keywordsOf(typedList, 'enum examples'),
  ...keywordsOf(required, 'required'),
  ...keywordsOf(typeNames, 'type'),
]);

/** A JSON Schema of which only texts were left: its keywords say what each text was. */
export function jsonSchemaOf(tree: Tree): unknown {
  if (typeof tree === 'string') return tree;
  const members = membersOf(tree);
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
  if (typeof value !== 'string') return itemsOf(value);
  const inPython = /^[([](.*)[)\]]$/s.exec(value)?.[1];
  if (inPython === undefined) return value === '' ? [] : value.split(',');
  return [...inPython.matchAll(/'([^']*)'|"([^"]*)"|([^\s,'"]+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

function keywordsOf(read: Read, names: string): readonly (readonly [string, Read])[] {
  return names.split(' ').map((name) => [name, read]);
}
