import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { askAgainMs, versionsQuery } from '../../files/file-queries.ts';

/**
 * The versions of a file while one of them is changed here, and whether that one has been deleted.
 *
 * @param isChanged who has changed nothing misses nothing.
 */
export function useVersionsMeanwhile(
  { id, version_id: baseId }: FileResponse,
  isChanged: boolean,
): { readonly versions: readonly FileResponse[]; readonly isGone: boolean } {
  const [openedAt] = useState(Date.now);
  const { data: versions = [], dataUpdatedAt } = useQuery({
    ...versionsQuery(id),
    refetchInterval: isChanged && askAgainMs,
    // Also what was made a moment ago is to be known before one commits.
    refetchOnMount: isChanged ? 'always' : true,
  });
  // A list that is older than this page may not have the version yet.
  const isGone =
    dataUpdatedAt > openedAt && !versions.some(({ version_id: versionId }) => versionId === baseId);
  return { versions, isGone };
}
