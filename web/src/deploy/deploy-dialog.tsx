import { ArrowRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { FileResponse } from '../api/types.ts';
import { versionLabel } from '../files/version-code.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { SpecDiff } from '../version-diff/spec-diff.tsx';
import type { Deployment } from './deployment.ts';
import { EnvironmentMark } from './environment-marks.tsx';
import { Overtaken } from './replace-version.ts';
import { useDeploy } from './use-deploy.ts';
import { useDeployments } from './use-deployments.ts';

/** Asks to which environment a version is deployed, and shows what is different from what is there. */
export function DeployDialog({
  version,
  onClose,
}: {
  readonly version: FileResponse;
  readonly onClose: () => void;
}) {
  const { data: deployments } = useDeployments(version.id);
  const deploy = useDeploy(version.id);
  const [chosen, setChosen] = useState<string>();
  const open = deployments?.filter((one) => one.version?.version_id !== version.version_id) ?? [];
  const target = open.find(({ environment }) => environment.id === chosen) ?? open[0];
  const isBack = target?.version !== undefined && isOlder(version, target.version);
  const send = async () => {
    if (!target) return;
    setChosen(target.environment.id);
    await deploy(target, version).catch((error: unknown) => {
      if (!(error instanceof Overtaken)) throw error;
      throw new Error(`${error.message} Look again at what changes, and deploy if it is right.`);
    });
  };
  return (
    <FormDialog
      title={`Deploy ${versionLabel(version)}`}
      action={
        target ? `${isBack ? 'Roll back' : 'Deploy to'} ${target.environment.name}` : 'Deploy'
      }
      isReady={target !== undefined}
      onSend={send}
      onClose={onClose}
    >
      {deployments ? (
        <EnvironmentChoice
          deployments={deployments}
          version={version}
          chosen={target?.environment.id}
          onChoose={setChosen}
        />
      ) : (
        <SkeletonRows rows={3} />
      )}
      {isBack && (
        <p className="text-fg-2">
          This version is older than the one that is there, which stays in the history.
        </p>
      )}
      {target?.version && (
        <section className="grid min-w-0 gap-2 border-t border-line pt-3">
          <h3 className="text-xs font-medium text-fg-2">
            What changes in {target.environment.name}
          </h3>
          <SpecDiff kind={version.type} before={target.version} after={version} />
        </section>
      )}
    </FormDialog>
  );
}

function isOlder({ committed_at: at }: FileResponse, other: FileResponse): boolean {
  return (at ?? '') < (other.committed_at ?? '');
}

function EnvironmentChoice({
  deployments,
  version,
  chosen,
  onChoose,
}: {
  readonly deployments: readonly Deployment[];
  readonly version: FileResponse;
  readonly chosen: string | undefined;
  readonly onChoose: (environmentId: string) => void;
}) {
  const name = useId();
  return (
    <fieldset className="grid">
      <legend className="mb-1 text-xs font-medium text-fg-2">Environment</legend>
      {deployments.map(({ environment, version: there }) => {
        const isThere = there?.version_id === version.version_id;
        return (
          <label
            key={environment.id}
            className="flex min-h-8 items-center gap-2 has-disabled:text-fg-3 coarse:min-h-11"
          >
            <input
              type="radio"
              name={name}
              disabled={isThere}
              checked={environment.id === chosen}
              onChange={() => onChoose(environment.id)}
              className="size-3.5 shrink-0 accent-accent"
            />
            <EnvironmentMark environment={environment} />
            <span className="ml-auto flex min-w-0 items-center gap-1.5 font-mono text-xs">
              {isThere ? (
                <span className="font-sans">This version is there</span>
              ) : (
                <>
                  <span className="truncate text-fg-3">
                    {there ? versionLabel(there) : 'nothing'}
                  </span>
                  <ArrowRight aria-label="becomes" className="size-3 shrink-0 text-fg-3" />
                  <span className="truncate">{versionLabel(version)}</span>
                </>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
