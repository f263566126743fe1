/** What the API shows in place of a value, and takes for “as it is”. */
const kept = '***';

/** A header as it is typed. */
export interface GivenHeader {
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** Whether it has a value already, which an empty field leaves as it is. */
  readonly isKept: boolean;
}

export function givenHeaders(
  headers: Readonly<Record<string, string>> = {},
): readonly GivenHeader[] {
  return Object.keys(headers).map((name, key) => ({ key, name, value: '', isKept: true }));
}

/** The headers as they are sent; those without a name are left out. */
export function sentHeaders(headers: readonly GivenHeader[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, value, isKept }) => [name.trim(), value === '' && isKept ? kept : value]),
  );
}
