/** A schema, or any other object of the document. */
type Node = Readonly<Record<string, unknown>>;

interface Parts {
  readonly paths: unknown;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/**
 * The schemas of a document in the form that generators of clients need. The server checks requests
 * by another form, with everything in place, so that a refusal names the place and nothing else.
 *
 * - A schema with a title becomes a component of that name, and others refer to it.
 * - A discriminator maps the values of its property to the members of the union.
 * - Rules that code checks are keywords like any others.
 * - `date-or-date-time`, which only the validator knows, is `date-time`.
 *
 * @throws when two schemas have one title and differ.
 */
export function withPublishedSchemas<P extends Parts>({ paths, components, ...rest }: P): P {
  const schemas: Record<string, unknown> = { ...components.schemas };
  const texts = new Map<string, string>();

  function published(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(published);
    if (typeof value !== 'object' || value === null) return value;
    const { title, ...node } = value as Node;
    if (typeof title !== 'string') return publishedMembers(value as Node);
    const { schema, isNullable } = withoutNull(node);
    const reference = named(title, publishedMembers(schema));
    return isNullable ? { anyOf: [reference, { type: 'null' }] } : reference;
  }

  function publishedMembers(node: Node): Node {
    const entries = Object.entries(node).map(([key, member]) => [key, published(member)]);
    const { checkedByCode, ...checked } = Object.fromEntries(entries) as Node;
    const schema: Node = { ...checked, ...(checkedByCode as Node | undefined) };
    if (schema['format'] === 'date-or-date-time') return { ...schema, format: 'date-time' };
    return isDiscriminated(schema) ? { ...schema, discriminator: mapped(schema) } : schema;
  }

  function named(title: string, schema: Node): Node {
    const text = JSON.stringify(schema);
    if ((texts.get(title) ?? text) !== text) throw new Error(`Two schemas are named ${title}.`);
    texts.set(title, text);
    schemas[title] = schema;
    return { $ref: `#/components/schemas/${title}` };
  }

  function mapped({ oneOf, discriminator: { propertyName } }: Discriminated) {
    const mapping = oneOf.map(({ $ref }) => {
      const { properties } = schemas[$ref.split('/').at(-1) ?? ''] as {
        readonly properties: Readonly<Record<string, { readonly enum: readonly [string] }>>;
      };
      return [properties[propertyName]?.enum[0], $ref];
    });
    return { propertyName, mapping: Object.fromEntries(mapping) };
  }

  const publishedPaths = published(paths);
  for (const [name, schema] of Object.entries(components.schemas))
    schemas[name] = published(schema);
  const sorted = Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...rest,
    paths: publishedPaths,
    components: { ...components, schemas: Object.fromEntries(sorted) },
  } as unknown as P;
}

interface Discriminated {
  readonly discriminator: { readonly propertyName: string };
  readonly oneOf: readonly { readonly $ref: string }[];
}

function isDiscriminated(node: Node): node is Node & Discriminated {
  return 'discriminator' in node && Array.isArray(node['oneOf']);
}

/** A nullable schema without its null: each reference to it adds that itself. */
function withoutNull(node: Node): { readonly schema: Node; readonly isNullable: boolean } {
  const { type, enum: words, ...rest } = node;
  if (!Array.isArray(type) || !type.includes('null')) return { schema: node, isNullable: false };
  const types = type.filter((name) => name !== 'null');
  const schema = {
    type: types.length === 1 ? types[0] : types,
    ...(Array.isArray(words) ? { enum: words.filter((word) => word !== null) } : {}),
    ...rest,
  };
  return { schema, isNullable: true };
}
