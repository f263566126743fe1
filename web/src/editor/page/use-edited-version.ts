import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { fileQuery } from '../../files/file-queries.ts';
import type { Drafts } from '../draft/drafts.ts';
import type { EditorSearch } from '../editor-search.ts';

/** The version that is edited: that of the address; else where one left off; else what is deployed. */
export function useEditedVersion(
  fileId: string,
  search: EditorSearch,
  drafts: Drafts,
): string | undefined {
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const file = useQuery(fileQuery(fileId));
  const [lastDraft] = useState(() => drafts.last(fileId));
  const versionId = search.version ?? lastDraft ?? file.data?.version_id;
  useEffect(() => {
    // A link to the editor carries the version.
    if (search.version === undefined && versionId !== undefined) {
      void navigate({ search: { ...search, version: versionId }, replace: true });
    }
  }, [navigate, search, versionId]);
  return versionId;
}
