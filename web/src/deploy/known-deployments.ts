import type { Deployment } from './deployment.ts';

/** The version that each environment of a file got last from here, or of which the reader was told. */
const known = new Map<string, string | undefined>();

export function noteKnownDeployment(fileId: string, deployment: Deployment): void {
  known.set(placeOf(fileId, deployment), deployment.version?.version_id);
}

/** Whether the reader knows of what is in an environment now. */
export function isKnownDeployment(fileId: string, deployment: Deployment): boolean {
  const place = placeOf(fileId, deployment);
  return known.has(place) && known.get(place) === deployment.version?.version_id;
}

function placeOf(fileId: string, { environment }: Deployment): string {
  return `${fileId} ${environment.id}`;
}
