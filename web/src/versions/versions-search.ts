/** What the address of the versions of a file says. */
export interface VersionsSearch {
  /** The ids of two versions, the older one first: `agv_1..agv_2`. */
  readonly diff?: string;
}

/** Two versions that are compared. Without the first one the second is shown whole. */
export interface DiffChoice {
  readonly before: string | undefined;
  readonly after: string;
}

/** Reads the address. What it does not know it leaves out. */
export function readVersionsSearch({ diff }: Readonly<Record<string, unknown>>): VersionsSearch {
  return typeof diff === 'string' && readDiff(diff) ? { diff } : {};
}

export function readDiff(text: string | undefined): DiffChoice | undefined {
  const [, before, after] = /^(\w*)\.\.(\w+)$/.exec(text ?? '') ?? [];
  return after === undefined ? undefined : { before: before || undefined, after };
}

/**
 * The two that are compared when one more version is chosen: it, and the one that is shown. When it was
 * chosen before, it is left out; one always stays.
 *
 * @param versionIds of all versions, the newest first.
 */
export function withToggled(
  { before, after }: DiffChoice,
  versionId: string,
  versionIds: readonly string[],
): DiffChoice {
  if (versionId === before) return { before: undefined, after };
  if (versionId === after) return { before: undefined, after: before ?? after };
  const isOlder = versionIds.indexOf(versionId) > versionIds.indexOf(after);
  return isOlder ? { before: versionId, after } : { before: after, after: versionId };
}

export function writeDiff({ before = '', after }: DiffChoice): string {
  return `${before}..${after}`;
}
