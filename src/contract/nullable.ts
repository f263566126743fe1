import {
  type Static,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from 'typebox';

/**
 * A field that may be left out. `null` means the same as leaving it out.
 *
 * The schema adds `null` to its `type` (`["string", "null"]`) instead of making a union. With a
 * union, a value that matches no member would get three errors instead of one.
 */
export function optional<S extends TSchema>(schema: S): TOptional<TUnsafe<Static<S> | null>> {
  return Type.Optional(nullable(schema));
}

/** A value that may be `null`, where `null` has a meaning of its own. */
export function nullable<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  const { type, enum: values, anyOf, ...rest } = schema as SchemaFields;
  const types = [type].flat();
  if (type === undefined || rest.oneOf) {
    // Add `null` to the union itself: errors of a union inside a union would not show which member
    // the
    // value is closest to.
    const members = anyOf ? { ...rest, anyOf: [...anyOf, isNull] } : { anyOf: [schema, isNull] };
    return Type.Unsafe<Static<S> | null>(members);
  }
  const withNull = {
    ...rest,
    type: [...types, 'null'],
    ...(values && { enum: [...values, null] }),
  };
  return Type.Unsafe<Static<S> | null>(withNull as TProperties);
}

interface SchemaFields {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

const isNull = { type: 'null' };

/** One of the given strings, as an `enum` of JSON Schema. */
export function oneOf<const V extends readonly string[]>(
  values: V,
  options: { readonly title?: string; readonly description?: string } = {},
): TUnsafe<V[number]> {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options });
}
