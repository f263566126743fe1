import { ApiError } from '../../api/api-error.ts';
import type { FileResponse } from '../../api/types.ts';
import { Failure } from '../../loading/failure.tsx';
import { Button } from '../../ui/button.tsx';
import type { Drafts } from './drafts.ts';
import { GoneBase } from './gone-base.tsx';

/** In place of an editor whose version could not be read: what becomes of its draft, or what else can be done. */
export function UnreadVersion({
  latest,
  versionId,
  drafts,
  error,
  onRetry,
  onVersion,
}: {
  /** The file, in the version that is deployed. */
  readonly latest: FileResponse;
  readonly versionId: string | undefined;
  readonly drafts: Drafts;
  readonly error: Error;
  readonly onRetry: () => void;
  readonly onVersion: (versionId: string) => void;
}) {
  const isGone = error instanceof ApiError && error.code === 'version_not_found';
  if (isGone && versionId !== undefined && drafts.has(latest.id, versionId)) {
    return <GoneBase fileId={latest.id} baseId={versionId} drafts={drafts} onVersion={onVersion} />;
  }
  return (
    <div className="grid gap-3 p-4">
      <Failure error={error} onRetry={onRetry} />
      <div>
        <Button onClick={() => onVersion(latest.version_id)}>
          Edit the version that is deployed
        </Button>
      </div>
    </div>
  );
}
