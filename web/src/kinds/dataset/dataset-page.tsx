import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FileResponse } from '../../api/types.ts';
import { versionQuery, versionsQuery } from '../../files/file-queries.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { FilePage } from '../../shell/file-page.tsx';
import { isChange } from './changes.ts';
import { readChanges } from './changes-store.ts';
import { datapointsQuery } from './dataset-queries.ts';
import { DatasetRows } from './dataset-rows.tsx';
import type { RowsSearch } from './rows-search.ts';

/** The rows of a dataset: those of the version in the address, or of the one that was changed here, or made last. */
export function DatasetPage({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: RowsSearch;
}) {
  const versions = useQuery(versionsQuery(fileId));
  const versionId = search.version ?? standardOf(versions.data ?? [])?.version_id ?? '';
  const version = useQuery({ ...versionQuery(fileId, versionId), enabled: versionId !== '' });
  const datapoints = useQuery({ ...datapointsQuery(fileId, versionId), enabled: versionId !== '' });
  const navigate = useNavigate({ from: '/f/$fileId/rows' });
  if (version.data && datapoints.data) {
    return (
      <DatasetRows
        key={versionId}
        version={version.data}
        datapoints={datapoints.data}
        search={search}
        onSearch={(next) =>
          void navigate({ search: next, replace: next.version === search.version })
        }
      />
    );
  }
  const failed = [versions, version, datapoints].find(({ isError }) => isError);
  return (
    <FilePage fileId={fileId} heading="Rows">
      {() =>
        failed ? (
          <div className="p-4">
            <Failure error={failed.error} onRetry={() => void failed.refetch()} />
          </div>
        ) : (
          <SkeletonRows rows={8} />
        )
      }
    </FilePage>
  );
}

/**
 * The version that is shown when none is asked for: one with changes that are not committed, or else the
 * newest. So rows that are being changed stay when somebody else makes a version.
 */
function standardOf(versions: readonly FileResponse[]): FileResponse | undefined {
  const changed = versions.find(({ id, version_id: versionId }) =>
    isChange(readChanges(id, versionId).changes),
  );
  return changed ?? versions[0];
}
