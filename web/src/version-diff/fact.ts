/** Something that a version says of itself: a value with its name, or several that belong together. */
export type Fact =
  | { readonly type: 'value' | 'text' | 'code'; readonly name: string; readonly value: string }
  | { readonly type: 'group'; readonly name: string; readonly facts: readonly Fact[] };

/** A short value, in one line. */
export function value(name: string, given: unknown): readonly Fact[] {
  if (given === undefined || given === null) return [];
  return [
    { type: 'value', name, value: typeof given === 'string' ? given : JSON.stringify(given) },
  ];
}

/** A text of several lines; `code` in the type of a machine. */
export function text(
  name: string,
  given: unknown,
  type: 'text' | 'code' = 'text',
): readonly Fact[] {
  return typeof given === 'string' ? [{ type, name, value: given }] : [];
}

/** Several facts under one name; nothing when there are none. */
export function group(name: string, facts: readonly Fact[]): readonly Fact[] {
  return facts.length > 0 ? [{ type: 'group', name, facts }] : [];
}

/** Any JSON: an object as a group of its members, a list of plain values as one of them. */
export function json(name: string, given: unknown): readonly Fact[] {
  if (Array.isArray(given)) {
    if (given.every((one) => typeof one !== 'object')) return value(name, given.join(', '));
    return group(
      name,
      given.flatMap((one, index) => json(`${index + 1}`, one)),
    );
  }
  if (!isRecord(given)) return value(name, given);
  const members = Object.entries(given);
  return members.length === 0
    ? value(name, 'empty')
    : group(
        name,
        members.flatMap(([member, one]) => json(member, one)),
      );
}

export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** The objects of a list, whatever else is in it. */
export function records(given: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(given) ? given.filter(isRecord) : [];
}
