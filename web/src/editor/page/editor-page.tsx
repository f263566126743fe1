import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { versionQuery } from '../../files/file-queries.ts';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { FilePage } from '../../shell/file-page.tsx';
import { modelDrafts } from '../draft/model-drafts.ts';
import { UnreadVersion } from '../draft/unread-version.tsx';
import type { EditorSearch } from '../editor-search.ts';
import { Editor } from './editor.tsx';
import { useEditedVersion } from './use-edited-version.ts';

/** The editor of a file: finds the version that is edited, and those that it needs. */
export function EditorPage({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: EditorSearch;
}) {
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const versionId = useEditedVersion(fileId, search, modelDrafts);
  const version = useQuery({
    ...versionQuery(fileId, versionId),
    enabled: versionId !== undefined,
  });
  const other = useQuery({
    ...versionQuery(fileId, search.compare),
    enabled: search.compare !== undefined,
  });
  const edit = (id: string) => void navigate({ search: { version: id }, replace: true });
  // What is there stays, though it could not be read again: its draft is being written.
  const failed = [version, other].find(({ isLoadingError }) => isLoadingError);
  const isReady = version.data && (search.compare === undefined || other.data);
  if (!isReady || failed) {
    return (
      <FilePage fileId={fileId} heading="Editor">
        {(latest) =>
          failed?.error ? (
            <UnreadVersion
              latest={latest}
              versionId={version.isLoadingError ? versionId : undefined}
              drafts={modelDrafts}
              error={failed.error}
              onRetry={() => void failed.refetch()}
              onVersion={edit}
            />
          ) : (
            <SkeletonRows rows={6} />
          )
        }
      </FilePage>
    );
  }
  return (
    <Editor
      key={`${version.data.version_id} ${search.compare ?? ''}`}
      version={version.data}
      other={search.compare === undefined ? undefined : other.data}
      onVersion={edit}
    />
  );
}
