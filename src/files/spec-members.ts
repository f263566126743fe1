import type { Fields, Loc } from './kind.ts';

/** A copy of a spec with new values at some places. The object around each place must exist. */
export function withMembers(
  spec: Fields,
  members: readonly { readonly loc: Loc; readonly value: unknown }[],
): Fields {
  const copy = structuredClone(spec);
  for (const { loc, value } of members) {
    const above = loc.slice(0, -1).reduce<unknown>((member, key) => (member as Parent)[key], copy);
    (above as Parent)[loc.at(-1) as string] = value;
  }
  return copy;
}

type Parent = Record<string | number, unknown>;
