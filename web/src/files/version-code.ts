/** A version's short code: the end of its id tells it apart. `#r8kq2` */
export function versionCode(versionId: string): string {
  return `#${versionId.slice(-5)}`;
}

/** What a version is called where there is room for one word: its name, or else its code. */
export function versionLabel(version: {
  readonly version_id: string;
  readonly version_name?: string | null;
}): string {
  return version.version_name || versionCode(version.version_id);
}
