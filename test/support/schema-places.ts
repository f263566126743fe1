/** JSON Schema, as far as the contract uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly not?: Schema;
}

/** A place in the values that a schema describes. */
export interface Place {
  readonly loc: readonly (string | number)[];
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** A valid value with something else at this place; undefined leaves the place out. */
  with(value: unknown): unknown;
}

/** Every place below the top of a schema: each property, each item, in each member of a union. */
export function placesIn(
  schema: Schema,
  loc: Place['loc'] = [],
  around: Place['with'] = (value) => value,
): readonly Place[] {
  return membersOf(schema).flatMap((member) => {
    const places: Place[] = Object.entries(member.properties ?? {}).map(([name, inner]) => ({
      loc: [...loc, name],
      schema: inner,
      isRequired: member.required?.includes(name) ?? false,
      with: (value) => around({ ...(exampleOf(member) as object), [name]: value }),
    }));
    const { items } = member;
    if (items) {
      places.push({
        // The second item: a fault that is always told of the first item would not be seen there.
        loc: [...loc, 1],
        schema: items,
        isRequired: true,
        with: (value) => around([exampleOf(items), value]),
      });
    }
    return places.flatMap((place) => [place, ...placesIn(place.schema, place.loc, place.with)]);
  });
}

/** The members of a union, or the schema itself. */
function membersOf(schema: Schema): readonly Schema[] {
  const members = schema.anyOf ?? schema.oneOf;
  return members ? members.flatMap(membersOf) : [schema];
}

/** The JSON types that a value at a place may have; undefined: any. */
export function typesOf(schema: Schema): ReadonlySet<string> | undefined {
  const types = membersOf(schema).flatMap(({ type }) => type ?? 'any');
  return types.includes('any') ? undefined : new Set(types);
}

/** A valid value with every property, and none of them at its limit. */
export function exampleOf(schema: Schema): unknown {
  const [member = {}] = membersOf(schema);
  const { type, properties, items, minimum = 0 } = member;
  if (member.const !== undefined) return member.const;
  if (member.enum) return member.enum[0];
  if (member.examples) return member.examples[0];
  switch (typeof type === 'string' ? type : type?.[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, inner]) => [name, exampleOf(inner)]),
      );
    case 'array':
      return items ? [exampleOf(items)] : [];
    case 'string':
      if (member.format) return '2026-05-01T12:00:00Z';
      return fitting.find((text) => new RegExp(member.pattern ?? '').test(text)) ?? '';
    case 'integer':
    case 'number':
      return Math.max(minimum, 1);
    case 'boolean':
      return true;
    default:
      return 'anything';
  }
}

/** Texts of which one fits each pattern. */
const fitting = ['text', '1', 'somebody@example.com'];
