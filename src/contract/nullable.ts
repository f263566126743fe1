import {
  type Static,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from 'typebox';

/**
 * A field that may be left out; `null` is the same as leaving it out.
 *
 * The schema says so by its `type` (`["string", "null"]`), not by a union: a value that fits
 * neither then gets one complaint, not three.
 */
export function optional<S extends TSchema>(schema: S): TOptional<TUnsafe<Static<S> | null>> {
  return Type.Optional(nullable(schema));
}

/** A value that may be `null`, and where `null` means something. */
export function nullable<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  const { type, enum: values, anyOf, ...rest } = schema as SchemaFields;
  const types = [type].flat();
  if (type === undefined || rest.oneOf) {
    // A union inside a union would hide which of its members a value comes nearest to.
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

/** One of some strings, as JSON Schema's `enum`. */
export function oneOf<const V extends readonly string[]>(
  values: V,
  options: { readonly title?: string; readonly description?: string } = {},
): TUnsafe<V[number]> {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options });
}
