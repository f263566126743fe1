import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import type { FileResponse } from '../../api/types.ts';
import { EnvironmentMarks } from '../../deploy/environment-marks.tsx';
import { versionsQuery } from '../../files/file-queries.ts';
import { versionCode, versionLabel } from '../../files/version-code.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { isCommitted } from '../draft/committed.ts';
import type { Edited } from '../draft/use-draft.ts';

/** Which version is edited, where it is deployed, and whether it was changed. */
export function EditorStatus({
  edited: { version, isChanged },
  other,
}: {
  readonly edited: Pick<Edited, 'version' | 'isChanged'>;
  readonly other: FileResponse | undefined;
}) {
  const { data: versions = [] } = useQuery(versionsQuery(version.id));
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const mayWrite = useMay('write');
  return (
    <>
      <Menu
        trigger={
          <Button
            look="ghost"
            size="small"
            className="min-w-0 font-mono max-sm:hidden"
            aria-label={`Version ${versionLabel(version)}`}
          >
            <span className="max-w-32 truncate">{versionLabel(version)}</span>
            <ChevronDown aria-hidden className="size-3" />
          </Button>
        }
        entries={() => [
          { type: 'heading', name: 'Edit another version' },
          ...versions.map((one) => ({
            type: 'action' as const,
            name: versionLine(one),
            run: () =>
              void navigate({
                search: {
                  version: one.version_id,
                  ...(other && { compare: other.version_id }),
                },
              }),
          })),
        ]}
      />
      <EnvironmentMarks environments={version.environments} className="max-xl:hidden" />
      {!mayWrite && (
        <span className="min-w-0 truncate text-xs text-fg-3">
          You may try changes, not commit them
        </span>
      )}
      {isChanged && mayWrite && (
        <span className="inline-flex shrink-0 items-center gap-1.5 text-xs text-fg-2 max-sm:hidden">
          <i aria-hidden className="size-1.5 rounded-full bg-accent" />
          Uncommitted changes
        </span>
      )}
    </>
  );
}

/** A version in a menu: its name with its code, and where it is deployed. */
export function versionLine(version: FileResponse): string {
  const { version_name: name, version_id: id, environments } = version;
  const where = environments.map((environment) => environment.name).join(', ');
  const note = where || (isCommitted(version) ? '' : 'not committed');
  return `${name ? `${name} ` : ''}${versionCode(id)}${note && ` · ${note}`}`;
}
