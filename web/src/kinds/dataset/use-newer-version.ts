import { useQuery } from '@tanstack/react-query';
import type { FileResponse } from '../../api/types.ts';
import { askAgainMs, versionsQuery } from '../../files/file-queries.ts';

/**
 * The newest version of a dataset, if it is not this one.
 *
 * @param isChanged whether rows are changed here: who has changed nothing misses nothing.
 */
export function useNewerVersion(
  { id, version_id }: FileResponse,
  isChanged: boolean,
): FileResponse | undefined {
  const { data: [newest] = [] } = useQuery({
    ...versionsQuery(id),
    refetchInterval: isChanged && askAgainMs,
    // Also what was made a moment ago is to be known before one commits.
    refetchOnMount: isChanged ? 'always' : true,
  });
  return newest?.version_id === version_id ? undefined : newest;
}
