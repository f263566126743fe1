import { useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { isSameValue } from '../../editor/spec/spec.ts';
import { keptFields } from './fields-drafts.ts';

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
  const { id: fileId, version_id: versionId } = version;
  const [draft, setDraft] = useState(
    () => keptFields.read(fileId, versionId).draft as Fields | undefined,
  );
  const fields = draft ?? base;
  return {
    version,
    base,
    fields,
    isChanged: draft !== undefined && !isSameValue(draft, base),
    change: (changes) => {
      const next = { ...fields, ...changes };
      setDraft(next);
      if (isSameValue(next, base)) keptFields.drop(fileId, versionId);
      else keptFields.write(fileId, versionId, next);
    },
    discard: () => {
      setDraft(undefined);
      keptFields.drop(fileId, versionId);
    },
  };
}
