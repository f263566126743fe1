import type { components } from '../api/schema.gen.ts';
import type { FileResponse } from '../api/types.ts';

/** An environment, and the version of a file that is there. */
export interface Deployment {
  readonly environment: components['schemas']['EnvironmentResponse'];
  readonly version: FileResponse | undefined;
  /** Who put it there; undefined: that is not known. */
  readonly by?: components['schemas']['UserResponse'] | undefined;
}

/** The version of a file that is in an environment. */
export function versionIn(
  deployments: readonly Deployment[] | undefined,
  environmentId: string,
): FileResponse | undefined {
  return deployments?.find(({ environment }) => environment.id === environmentId)?.version;
}
