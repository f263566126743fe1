import type { Deployment } from '../deploy/deployment.ts';

/** What is done with a version in a dialog. */
export type VersionAction =
  | { readonly type: 'deploy' | 'describe' | 'delete' }
  | { readonly type: 'take-out'; readonly environment: Deployment['environment'] };
