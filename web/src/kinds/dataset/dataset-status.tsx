import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import type { FileResponse } from '../../api/types.ts';
import { EnvironmentMarks } from '../../deploy/environment-marks.tsx';
import { versionLine } from '../../editor/page/editor-status.tsx';
import { versionsQuery } from '../../files/file-queries.ts';
import { versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { type Changes, countsOf, isChange } from './changes.ts';
import { PlusMinus } from './plus-minus.tsx';

/** Which version is shown, where it is deployed, and how much was changed. */
export function DatasetStatus({
  version,
  changes,
  onVersion,
}: {
  readonly version: FileResponse;
  readonly changes: Changes;
  readonly onVersion: (versionId: string) => void;
}) {
  const { data: versions = [] } = useQuery(versionsQuery(version.id));
  return (
    <>
      <Menu
        trigger={
          <Button
            look="ghost"
            size="small"
            className="min-w-0 font-mono"
            aria-label={`Version ${versionLabel(version)}`}
          >
            <span className="max-w-32 truncate">{versionLabel(version)}</span>
            <ChevronDown aria-hidden className="size-3" />
          </Button>
        }
        entries={() => [
          { type: 'heading', name: 'Show another version' },
          ...versions.map((one) => ({
            type: 'action' as const,
            name: versionLine(one),
            run: () => onVersion(one.version_id),
          })),
        ]}
      />
      <EnvironmentMarks environments={version.environments} className="max-xl:hidden" />
      {isChange(changes) && (
        <span className="inline-flex shrink-0 items-center gap-2 text-xs text-fg-2">
          <span className="max-sm:hidden">Uncommitted changes</span>
          <PlusMinus {...countsOf(changes)} />
        </span>
      )}
    </>
  );
}
