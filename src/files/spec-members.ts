import type { Fields, Loc } from './kind.ts';

/** A copy of a spec with new values at some places. The object around each place must exist. */
export function withMembers(
  spec: Fields,
  members: readonly { readonly loc: Loc; readonly value: unknown }[],
): Fields {
  return members.reduce<unknown>(
    (copy, { loc, value }) => withMember(copy, loc, value),
    spec,
  ) as Fields;
}

function withMember(parent: unknown, [key, ...below]: Loc, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(parent) ? [...parent] : { ...(parent as object) }) as Parent;
  copy[key] = withMember(copy[key], below, value);
  return copy;
}

type Parent = Record<string | number, unknown>;
