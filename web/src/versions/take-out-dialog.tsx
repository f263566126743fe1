import type { FileResponse } from '../api/types.ts';
import type { Deployment } from '../deploy/deployment.ts';
import { useDeploy } from '../deploy/use-deploy.ts';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';

/** Takes a file out of an environment, so that no version of it is there. */
export function TakeOutDialog({
  environment,
  version,
  onClose,
}: {
  readonly environment: Deployment['environment'];
  readonly version: FileResponse;
  readonly onClose: () => void;
}) {
  const deploy = useDeploy(version.id);
  return (
    <ConfirmDialog
      title={`Take ${version.name} out of ${environment.name}?`}
      action={`Take it out of ${environment.name}`}
      onConfirm={() => deploy({ environment, version }, undefined)}
      onClose={onClose}
    >
      <p>
        {environment.tag === 'default'
          ? 'Calls that name no environment get the newest version from then on.'
          : `Calls that name ${environment.name} are refused from then on.`}{' '}
        The version stays.
      </p>
    </ConfirmDialog>
  );
}
