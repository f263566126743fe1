/** What the address of the editor says. */
export interface EditorSearch {
  /** The version that is edited. Without it: that of the last draft, or the one that is deployed. */
  readonly version?: string;
  /** The version beside it, which is run with the same inputs. */
  readonly compare?: string;
}

/** Reads the address. What it does not know it leaves out. */
export function readEditorSearch(search: Readonly<Record<string, unknown>>): EditorSearch {
  const { version, compare } = search;
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof compare === 'string' && { compare }),
  };
}
