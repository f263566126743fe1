/** A draft as it was found, or kept. */
export interface KeptDraft<Draft> {
  readonly draft: Draft | undefined;
  /** Whether a reload would find it: the browser has room. */
  readonly isKept: boolean;
}

/** Drafts in this browser, by the version that was changed. What has no room lives as long as the page. */
export interface KeptDrafts<Draft> {
  readonly read: (fileId: string, versionId: string) => KeptDraft<Draft>;
  readonly write: (fileId: string, versionId: string, draft: Draft) => KeptDraft<Draft>;
  readonly drop: (fileId: string, versionId: string) => void;
  /** The versions of a file with a draft, the newest first. */
  readonly versions: (fileId: string) => readonly string[];
}

/**
 * @param name of what is changed.
 * @param parse reads what `JSON.stringify` wrote.
 */
export function keptDrafts<Draft>(
  name: string,
  parse: (text: string) => unknown = JSON.parse,
): KeptDrafts<Draft> {
  const unkept = new Map<string, Draft>();
  const keyOf = (fileId: string, versionId: string) => `loopwright.${name}.${fileId}.${versionId}`;
  const stored = (key: string): Draft | undefined => {
    try {
      return (parse(localStorage.getItem(key) ?? 'null') as Draft | null) ?? undefined;
    } catch {
      return undefined;
    }
  };
  return {
    read: (fileId, versionId) => {
      const key = keyOf(fileId, versionId);
      const draft = unkept.get(key);
      return draft ? { draft, isKept: false } : { draft: stored(key), isKept: true };
    },
    write: (fileId, versionId, draft) => {
      const key = keyOf(fileId, versionId);
      try {
        localStorage.setItem(key, JSON.stringify(draft));
        unkept.delete(key);
      } catch {
        unkept.set(key, draft);
      }
      return { draft, isKept: !unkept.has(key) };
    },
    drop: (fileId, versionId) => {
      const key = keyOf(fileId, versionId);
      unkept.delete(key);
      localStorage.removeItem(key);
    },
    versions: (fileId) => {
      const prefix = keyOf(fileId, '');
      const keys = new Set([...Object.keys(localStorage), ...unkept.keys()]);
      // Ids are in the order of their time.
      return [...keys]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
        .toSorted()
        .toReversed();
    },
  };
}
