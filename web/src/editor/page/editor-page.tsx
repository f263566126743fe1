import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { fileQuery, versionQuery } from '../../files/file-queries.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { FilePage } from '../../shell/file-page.tsx';
import { Button } from '../../ui/button.tsx';
import { lastDraftBase, readDraft } from '../draft/draft-store.ts';
import { GoneBase } from '../draft/gone-base.tsx';
import type { EditorSearch } from '../editor-search.ts';
import { Editor } from './editor.tsx';

/** The editor of a file: finds the version that is edited, and those that it needs. */
export function EditorPage({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: EditorSearch;
}) {
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const file = useQuery(fileQuery(fileId));
  // Where one left off; else what is deployed.
  const [lastDraft] = useState(() => lastDraftBase(fileId));
  const versionId = search.version ?? lastDraft ?? file.data?.version_id;
  const version = useQuery({
    ...versionQuery(fileId, versionId),
    enabled: versionId !== undefined,
  });
  const other = useQuery({
    ...versionQuery(fileId, search.compare),
    enabled: search.compare !== undefined,
  });
  useEffect(() => {
    // A link to the editor carries the version.
    if (search.version === undefined && versionId !== undefined) {
      void navigate({ search: { ...search, version: versionId }, replace: true });
    }
  }, [navigate, search, versionId]);
  // What is there stays, though it could not be read again: its draft is being written.
  const failed = [version, other].find(({ isLoadingError }) => isLoadingError);
  const isGone = version.error instanceof ApiError && version.error.code === 'version_not_found';
  const isReady = version.data && (search.compare === undefined || other.data);
  if (!isReady || failed) {
    return (
      <FilePage fileId={fileId} heading="Editor">
        {(latest) =>
          isGone && versionId && readDraft(fileId, versionId) ? (
            <GoneBase fileId={fileId} baseId={versionId} />
          ) : failed ? (
            <div className="grid gap-3 p-4">
              <Failure error={failed.error} onRetry={() => void failed.refetch()} />
              <div>
                <Button onClick={() => void navigate({ search: { version: latest.version_id } })}>
                  Edit the version that is deployed
                </Button>
              </div>
            </div>
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
    />
  );
}
