import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Columns2, Ellipsis, Rocket, Undo2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { versionsQuery } from '../../files/file-queries.ts';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { sessionQuery } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import type { Edited } from '../draft/use-draft.ts';
import { versionLine } from './editor-status.tsx';

// Loaded when they are first opened.
const DeployDialog = lazy(async () => ({
  default: (await import('../../deploy/deploy-dialog.tsx')).DeployDialog,
}));
const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** What is done with what is edited: compare, discard, commit, deploy. */
export function EditorActions({
  edited: { version, isChanged, text, discard },
  other,
  onCommit,
}: {
  readonly edited: Edited;
  readonly other: FileResponse | undefined;
  readonly onCommit: () => void;
}) {
  const { data: versions = [] } = useQuery(versionsQuery(version.id));
  const mayWrite = useQuery(sessionQuery).data?.caller.scopes.includes('write') ?? false;
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const [dialog, setDialog] = useState<'deploy' | 'discard'>();
  const close = () => setDialog(undefined);
  const compareWith = (id: string | undefined) =>
    void navigate({ search: { version: version.version_id, ...(id && { compare: id }) } });
  const comparisons = (): readonly MenuEntry[] => [
    { type: 'heading', name: 'Compare with' },
    ...versions.map((one) => ({
      type: 'action' as const,
      name: versionLine(one),
      run: () => compareWith(one.version_id),
    })),
  ];
  return (
    <>
      {other ? (
        <Button className="max-sm:hidden" onClick={() => compareWith(undefined)}>
          <Columns2 aria-hidden className="size-3.5" />
          Stop comparing
        </Button>
      ) : (
        <Menu
          trigger={
            <IconButton label="Compare with another version" className="max-sm:hidden">
              <Columns2 className="size-4" />
            </IconButton>
          }
          entries={comparisons}
        />
      )}
      {isChanged && (
        <IconButton label="Discard the changes" onClick={() => setDialog('discard')}>
          <Undo2 className="size-4" />
        </IconButton>
      )}
      {mayWrite && (
        <>
          <Button
            look={isChanged ? 'primary' : 'plain'}
            disabled={!isChanged || text !== undefined}
            title={text === undefined ? keysOf('commit') : 'The raw file cannot be read yet'}
            onClick={onCommit}
          >
            Commit…
          </Button>
          <Button className="max-sm:hidden" onClick={() => setDialog('deploy')}>
            <Rocket aria-hidden className="size-3.5" />
            Deploy…
          </Button>
        </>
      )}
      <Menu
        trigger={
          <IconButton label="More actions" className="sm:hidden">
            <Ellipsis className="size-4" />
          </IconButton>
        }
        entries={() => [
          ...(mayWrite
            ? [{ type: 'action' as const, name: 'Deploy…', run: () => setDialog('deploy') }]
            : []),
          ...(other
            ? [
                {
                  type: 'action' as const,
                  name: 'Stop comparing',
                  run: () => compareWith(undefined),
                },
              ]
            : comparisons()),
        ]}
      />
      <Suspense>
        {dialog === 'deploy' && <DeployDialog version={version} onClose={close} />}
        {dialog === 'discard' && (
          <ConfirmDialog
            title="Discard the changes?"
            action="Discard"
            onClose={close}
            onConfirm={async () => discard()}
          >
            <p>What you changed and did not commit is lost. Logs of its runs stay.</p>
          </ConfirmDialog>
        )}
      </Suspense>
    </>
  );
}
