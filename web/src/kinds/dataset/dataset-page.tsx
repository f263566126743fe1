import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { UnreadVersion } from '../../editor/draft/unread-version.tsx';
import { versionQuery, versionsQuery } from '../../files/file-queries.ts';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { FilePage } from '../../shell/file-page.tsx';
import { datapointsQuery } from './dataset-queries.ts';
import { DatasetRows } from './dataset-rows.tsx';
import { rowsDrafts } from './rows-drafts.ts';
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
  // Rows that are being changed stay when somebody else makes a version.
  const versionId =
    search.version ?? rowsDrafts.last(fileId) ?? versions.data?.[0]?.version_id ?? '';
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
      {(latest) =>
        failed?.error ? (
          <UnreadVersion
            latest={latest}
            versionId={versionId}
            drafts={rowsDrafts}
            error={failed.error}
            onRetry={() => void failed.refetch()}
            onVersion={(id) => void navigate({ search: { version: id }, replace: true })}
          />
        ) : (
          <SkeletonRows rows={8} />
        )
      }
    </FilePage>
  );
}
