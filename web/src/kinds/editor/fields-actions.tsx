import { Rocket, Undo2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { EditedFields } from './use-fields.ts';

const DeployDialog = lazy(async () => ({
  default: (await import('../../deploy/deploy-dialog.tsx')).DeployDialog,
}));
const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** What is done with changes, and with the version that was changed. */
export function FieldsActions({
  edited: { version, isChanged, discard },
  onCommit,
}: {
  readonly edited: Pick<EditedFields<unknown>, 'version' | 'isChanged' | 'discard'>;
  readonly onCommit: () => void;
}) {
  const [dialog, setDialog] = useState<'deploy' | 'discard'>();
  const close = () => setDialog(undefined);
  return (
    <>
      {isChanged && (
        <IconButton label="Discard the changes" onClick={() => setDialog('discard')}>
          <Undo2 className="size-4" />
        </IconButton>
      )}
      <Button
        look={isChanged ? 'primary' : 'plain'}
        disabled={!isChanged}
        title={keysOf('commit')}
        onClick={onCommit}
      >
        Commit…
      </Button>
      <Button className="max-sm:hidden" onClick={() => setDialog('deploy')}>
        <Rocket aria-hidden className="size-3.5" />
        Deploy…
      </Button>
      <IconButton label="Deploy…" className="sm:hidden" onClick={() => setDialog('deploy')}>
        <Rocket className="size-4" />
      </IconButton>
      <Suspense>
        {dialog === 'deploy' && <DeployDialog version={version} onClose={close} />}
        {dialog === 'discard' && (
          <ConfirmDialog
            title="Discard the changes?"
            action="Discard"
            onClose={close}
            onConfirm={async () => discard()}
          >
            <p>What you changed and did not commit is lost.</p>
          </ConfirmDialog>
        )}
      </Suspense>
    </>
  );
}
