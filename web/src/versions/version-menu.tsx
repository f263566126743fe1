import { useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { versionLabel } from '../files/version-code.ts';
import { useMay } from '../session/session.ts';
import { copyText } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/menu-entry.ts';
import { toast } from '../ui/toasts.tsx';
import type { VersionAction } from './version-action.ts';
import type { VersionView } from './version-view.ts';

const VersionDialog = lazy(async () => ({
  default: (await import('./version-dialog.tsx')).VersionDialog,
}));

/** What can be done with a version. */
export function VersionMenu({ view }: { readonly view: VersionView }) {
  const [action, setAction] = useState<VersionAction>();
  const mayWrite = useMay('write');
  const navigate = useNavigate();
  const { version, environments, canBeDeleted } = view;
  const entry = (name: string, run: () => void): MenuEntry => ({ type: 'action', name, run });
  return (
    <span className="relative">
      <Menu
        trigger={
          <IconButton label={`Actions for ${versionLabel(version)}`}>
            <Ellipsis className="size-4" />
          </IconButton>
        }
        entries={() => [
          ...(mayWrite
            ? [
                entry('Deploy…', () => setAction({ type: 'deploy' })),
                ...environments.map((environment) =>
                  entry(`Take out of ${environment.name}…`, () =>
                    setAction({ type: 'take-out', environment }),
                  ),
                ),
                entry('Name and describe…', () => setAction({ type: 'describe' })),
              ]
            : []),
          ...(version.type === 'dataset'
            ? []
            : [
                entry('Open in the editor', () => {
                  const { id: fileId, version_id } = version;
                  void navigate({
                    to: '/f/$fileId/editor',
                    params: { fileId },
                    search: { version: version_id },
                  });
                }),
                entry('Show its logs', () => {
                  const { id: fileId, version_id } = version;
                  void navigate({
                    to: '/f/$fileId/logs',
                    params: { fileId },
                    search: { version_id },
                  });
                }),
              ]),
          entry('Copy the version’s id', () => {
            void copyText(version.version_id).then(() => toast('Id copied'));
          }),
          ...(mayWrite && canBeDeleted
            ? [entry('Delete…', () => setAction({ type: 'delete' }))]
            : []),
        ]}
      />
      {action && (
        <Suspense>
          <VersionDialog action={action} version={version} onClose={() => setAction(undefined)} />
        </Suspense>
      )}
    </span>
  );
}
