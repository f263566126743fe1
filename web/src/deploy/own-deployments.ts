import type { Deployment } from './deployment.ts';

/** What this page deployed: the version that each environment of a file got last from here. */
const own = new Map<string, string | undefined>();

export function noteOwnDeployment(fileId: string, deployment: Deployment): void {
  own.set(placeOf(fileId, deployment), deployment.version?.version_id);
}

/** Whether what is in an environment now came from this page. */
export function isOwnDeployment(fileId: string, deployment: Deployment): boolean {
  const place = placeOf(fileId, deployment);
  return own.has(place) && own.get(place) === deployment.version?.version_id;
}

function placeOf(fileId: string, { environment }: Deployment): string {
  return `${fileId} ${environment.id}`;
}
