import type { FileResponse } from '../api/types.ts';
import type { Deployment } from '../deploy/deployment.ts';

/** A version as its list shows it. */
export interface VersionView {
  readonly version: FileResponse;
  /** Where it is deployed now. */
  readonly environments: readonly Deployment['environment'][];
  /** The one that was made before it. */
  readonly previous: FileResponse | undefined;
  /** Whether the API deletes it: not the last one, and none that is deployed. */
  readonly canBeDeleted: boolean;
}

/** @param versions the newest first. */
export function versionViews(
  versions: readonly FileResponse[],
  deployments: readonly Deployment[] | undefined,
): readonly VersionView[] {
  return versions.map((version, index) => {
    const environments = deployments
      ? deployments
          .filter((one) => one.version?.version_id === version.version_id)
          .map(({ environment }) => environment)
      : version.environments;
    return {
      version,
      environments,
      previous: versions[index + 1],
      canBeDeleted: environments.length === 0 && versions.length > 1,
    };
  });
}
