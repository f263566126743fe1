export type Attributes = Readonly<Record<string, unknown>>;

/** A line of a form for attributes. */
export interface AttributeRow {
  readonly name: string;
  readonly text: string;
}

export function rowsOf(value: Attributes): readonly AttributeRow[] {
  return Object.entries(value).map(([name, one]) => ({ name, text: cellText(one) }));
}

/** The attributes that lines say. Of two with one name the last counts; one without a name says nothing. */
export function valuesOf(rows: readonly AttributeRow[]): Attributes {
  return Object.fromEntries(
    rows.filter(({ name }) => name !== '').map(({ name, text }) => [name, readCell(text)]),
  );
}

/** A value as one types it: a text as it is, unless it reads as something else; JSON for the rest. */
export function cellText(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? '' : JSON.stringify(value);
  return readCell(value) === value ? value : JSON.stringify(value);
}

/** `3` is a number, `true` is true, `[1]` a list, `"3"` the text 3, and `three` a text. */
export function readCell(text: string): unknown {
  if (!/^\s*(?:[-\d[{"]|true\s*$|false\s*$|null\s*$)/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    // A number that a double would change stays the text that it is.
    return typeof value === 'number' && String(value) !== text.trim() ? text : value;
  } catch {
    return text;
  }
}
