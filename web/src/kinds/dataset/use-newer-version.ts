import type { FileResponse } from '../../api/types.ts';
import { useVersionsMeanwhile } from '../../editor/draft/use-versions-meanwhile.ts';

/**
 * The newest version of a dataset, if it is not this one.
 *
 * @param isChanged whether rows are changed here.
 */
export function useNewerVersion(
  version: FileResponse,
  isChanged: boolean,
): FileResponse | undefined {
  const {
    versions: [newest],
  } = useVersionsMeanwhile(version, isChanged);
  return newest?.version_id === version.version_id ? undefined : newest;
}
