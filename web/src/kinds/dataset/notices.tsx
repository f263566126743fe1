import type { FileResponse } from '../../api/types.ts';
import { GoneBase } from '../../editor/draft/gone-base.tsx';
import { versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';
import { rowsDrafts } from './rows-drafts.ts';
import { useNewerVersion } from './use-newer-version.ts';

/** What one must know before one changes rows. */
export function Notices({
  version,
  isChanged,
  isKept,
  onVersion,
  onMerge,
}: {
  readonly version: FileResponse;
  readonly isChanged: boolean;
  readonly isKept: boolean;
  readonly onVersion: (versionId: string) => void;
  readonly onMerge: (newer: FileResponse) => void;
}) {
  const { newer, isGone } = useNewerVersion(version, isChanged);
  const isLost = isGone && isChanged;
  return (
    <>
      {isLost && (
        <GoneBase
          fileId={version.id}
          baseId={version.version_id}
          drafts={rowsDrafts}
          onVersion={onVersion}
        />
      )}
      {newer && !isLost && (
        <div
          role="status"
          className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-xs text-fg-2"
        >
          <p>
            There is a newer version, {versionLabel(newer)}
            {authorOf(newer)}.{isChanged && ' What you commit here will not have its rows.'}
          </p>
          {isChanged && (
            <Button size="small" onClick={() => onMerge(newer)}>
              Show both and merge
            </Button>
          )}
          <Button
            size="small"
            look={isChanged ? 'ghost' : 'plain'}
            onClick={() => onVersion(newer.version_id)}
          >
            Show it
          </Button>
        </div>
      )}
      {!isKept && (
        <p role="alert" className="shrink-0 border-b border-line px-4 py-1.5 text-xs text-warn">
          This browser has no room to keep these changes: commit them before you leave.
        </p>
      )}
    </>
  );
}

function authorOf({ committed_by: by }: FileResponse): string {
  const who = by?.full_name || by?.email_address;
  return who ? ` by ${who}` : '';
}
