import type { FileResponse } from '../../api/types.ts';
import { useVersionsMeanwhile } from '../../editor/draft/use-versions-meanwhile.ts';

/**
 * The newest version of a dataset, if it is not this one; and whether this one has been deleted.
 *
 * @param isChanged whether rows are changed here.
 */
export function useNewerVersion(
  version: FileResponse,
  isChanged: boolean,
): { readonly newer: FileResponse | undefined; readonly isGone: boolean } {
  const { versions, isGone } = useVersionsMeanwhile(version, isChanged);
  const newest = versions[0];
  return { newer: newest?.version_id === version.version_id ? undefined : newest, isGone };
}
