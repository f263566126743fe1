import type { FileResponse } from '../api/types.ts';
import { DeployDialog } from '../deploy/deploy-dialog.tsx';
import { DeleteVersionDialog } from './delete-version-dialog.tsx';
import { DescribeDialog } from './describe-dialog.tsx';
import { TakeOutDialog } from './take-out-dialog.tsx';
import type { VersionAction } from './version-action.ts';

/** The dialog of an action. Loaded with the first one. */
export function VersionDialog({
  action,
  version,
  onClose,
}: {
  readonly action: VersionAction;
  readonly version: FileResponse;
  readonly onClose: () => void;
}) {
  switch (action.type) {
    case 'deploy':
      return <DeployDialog version={version} onClose={onClose} />;
    case 'describe':
      return <DescribeDialog version={version} onClose={onClose} />;
    case 'take-out':
      return <TakeOutDialog environment={action.environment} version={version} onClose={onClose} />;
    case 'delete':
      return <DeleteVersionDialog version={version} onClose={onClose} />;
  }
}
