import { useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { isSameValue } from '../../editor/spec/spec.ts';

/** The fields of a version as they are being changed. They are kept in this browser until they are committed. */
export interface EditedFields<Fields> {
  readonly version: FileResponse;
  readonly base: Fields;
  readonly fields: Fields;
  readonly isChanged: boolean;
  readonly change: (changes: Partial<Fields>) => void;
  readonly discard: () => void;
}

/** @param base the fields of the version. */
export function useFields<Fields extends object>(
  version: FileResponse,
  base: Fields,
): EditedFields<Fields> {
  const key = `loopwright.fields.${version.id}.${version.version_id}`;
  const [draft, setDraft] = useState<Fields | undefined>(() => stored<Fields>(key));
  const fields = draft ?? base;
  return {
    version,
    base,
    fields,
    isChanged: draft !== undefined && !isSameValue(draft, base),
    change: (changes) => {
      const next = { ...fields, ...changes };
      setDraft(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A browser without room: the draft lives as long as the page.
      }
    },
    discard: () => {
      setDraft(undefined);
      localStorage.removeItem(key);
    },
  };
}

function stored<Fields>(key: string): Fields | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as Fields | null) ?? undefined;
  } catch {
    return undefined;
  }
}
