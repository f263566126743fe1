import { isExactNumber } from '../json/exact-json.ts';

/** A JSON Schema, or what somebody gave for one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A field of a form, as a JSON Schema describes it. */
export type FieldSchema = {
  readonly label: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  /** What the schema proposes. */
  readonly standard: unknown;
} & FieldShape;

type FieldShape =
  | { readonly type: 'text'; readonly format: 'text' | 'date' }
  | { readonly type: 'number'; readonly isInteger: boolean; readonly limits: Limits }
  | { readonly type: 'boolean' }
  | { readonly type: 'choice'; readonly options: readonly unknown[] }
  | { readonly type: 'list'; readonly item: FieldSchema; readonly least: number }
  | { readonly type: 'group'; readonly fields: Readonly<Record<string, FieldSchema>> }
  /** Whatever has no field of its own: written as JSON. */
  | { readonly type: 'json' };

interface Limits {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** Levels of a schema that become fields. A schema may contain itself. */
const deepest = 5;

/** The form for a JSON Schema. What it does not understand becomes a field for JSON. */
export function readSchema(schema: JsonSchema, label = ''): FieldSchema {
  return readField(schema, { label, isRequired: true, root: schema, depth: 0 });
}

interface Place {
  readonly label: string;
  readonly isRequired: boolean;
  readonly root: JsonSchema;
  readonly depth: number;
}

function readField(given: unknown, place: Place): FieldSchema {
  const schema = resolved(given, place.root);
  const { title, description } = schema;
  return {
    label: typeof title === 'string' && title !== '' ? title : place.label,
    description: typeof description === 'string' ? description : undefined,
    isRequired: place.isRequired,
    standard: schema['default'],
    ...shapeOf(schema, place),
  };
}

function shapeOf(schema: JsonSchema, place: Place): FieldShape {
  const options = optionsOf(schema);
  if (options) return { type: 'choice', options };
  const read = shapes[typeOf(schema)];
  return (place.depth < deepest && read?.(schema, place)) || { type: 'json' };
}

const shapes: Readonly<
  Record<string, (schema: JsonSchema, place: Place) => FieldShape | undefined>
> = {
  string: ({ format }) => ({ type: 'text', format: format === 'date' ? 'date' : 'text' }),
  number: (schema) => ({ type: 'number', isInteger: false, limits: limitsOf(schema) }),
  integer: (schema) => ({ type: 'number', isInteger: true, limits: limitsOf(schema) }),
  boolean: () => ({ type: 'boolean' }),
  array: ({ items, minItems }, place) =>
    isObject(items)
      ? {
          type: 'list',
          item: readField(items, {
            ...place,
            label: 'Item',
            isRequired: true,
            depth: place.depth + 1,
          }),
          least: Number(minItems) || 0,
        }
      : undefined,
  object: ({ properties, required }, place) => {
    if (!isObject(properties)) return undefined;
    const names = Array.isArray(required) ? required : [];
    const fields = Object.entries(properties).map(([name, property]) => [
      name,
      readField(property, {
        ...place,
        label: name,
        isRequired: names.includes(name),
        depth: place.depth + 1,
      }),
    ]);
    return { type: 'group', fields: Object.fromEntries(fields) };
  },
};

/** The schema behind a reference, and the one of several that is not null. */
function resolved(given: unknown, root: JsonSchema): JsonSchema {
  if (!isObject(given)) return {};
  const { $ref: reference, anyOf, oneOf, ...rest } = given;
  if (typeof reference === 'string') return { ...pointedAt(reference, root), ...rest };
  const choices = [anyOf, oneOf].find(Array.isArray)?.filter((one) => !isNullSchema(one));
  if (choices?.length === 1) return { ...resolved(choices[0], root), ...rest };
  return given;
}

function pointedAt(reference: string, root: JsonSchema): JsonSchema {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return {};
  let found: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return isObject(found) ? found : {};
}

/** The type, without `null`; that of its members, where none is given. */
function typeOf({ type, properties, items }: JsonSchema): string {
  const types = [type].flat().filter((one) => one !== 'null' && one !== undefined);
  if (types.length === 1) return String(types[0]);
  if (types.length > 1) return '';
  return properties ? 'object' : items ? 'array' : '';
}

function optionsOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema['const']];
  const options = schema['enum'];
  return Array.isArray(options) ? options.filter((option) => option !== null) : undefined;
}

function limitsOf({ minimum, maximum }: JsonSchema): Limits {
  return {
    least: typeof minimum === 'number' ? minimum : undefined,
    most: typeof maximum === 'number' ? maximum : undefined,
  };
}

function isNullSchema(schema: unknown): boolean {
  return isObject(schema) && schema['type'] === 'null';
}

export function isObject(value: unknown): value is JsonSchema {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
  );
}
