import type { FileResponse } from '../../api/types.ts';
import { versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';

/** What one must know before one changes rows. */
export function Notices({
  version,
  newest,
  isChanged,
  isKept,
  onVersion,
}: {
  readonly version: FileResponse;
  readonly newest: FileResponse | undefined;
  readonly isChanged: boolean;
  readonly isKept: boolean;
  readonly onVersion: (versionId: string) => void;
}) {
  return (
    <>
      {newest && newest.version_id !== version.version_id && (
        <p className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-xs text-fg-2">
          There is a newer version, {versionLabel(newest)}.
          {isChanged && ' What you commit here will not have its rows.'}
          <Button size="small" onClick={() => onVersion(newest.version_id)}>
            Show it
          </Button>
        </p>
      )}
      {!isKept && (
        <p role="alert" className="shrink-0 border-b border-line px-4 py-1.5 text-xs text-warn">
          This browser has no room to keep these changes: commit them before you leave.
        </p>
      )}
    </>
  );
}
