import { ApiError } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { versionLabel } from '../files/version-code.ts';
import { memberName } from '../session/member-name.ts';
import type { Deployment } from './deployment.ts';

/** What is to be in an environment; without a version nothing. */
export interface Replacement extends Pick<Deployment, 'environment' | 'version'> {
  /** What was seen there by whoever wants it. Nothing else is replaced. */
  readonly seen: FileResponse | undefined;
}

/** Something else is in the environment than was seen there. The message says who was first, and with what. */
export class Overtaken extends Error {}

/** Replaces the version that was seen in an environment. @throws Overtaken; ApiError */
export async function replaceVersion(
  fileId: string,
  { environment, version, seen }: Replacement,
): Promise<void> {
  const url = `${environmentsUrl(fileId)}/{environment_id}` as const;
  const path = { id: fileId, environment_id: environment.id };
  const expected_version_id = seen?.version_id ?? 'none';
  try {
    if (version) {
      const query = { version_id: version.version_id, expected_version_id };
      await api.POST(url, { params: { path, query } });
    } else await api.DELETE(url, { params: { path, query: { expected_version_id } } });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'deployment_changed')) throw error;
    throw new Overtaken(await whoWasFirst(fileId, environment));
  }
}

async function whoWasFirst(
  fileId: string,
  { id, name }: Deployment['environment'],
): Promise<string> {
  const params = { path: { id: fileId } };
  const { data = [] } = await api.GET(environmentsUrl(fileId), { params });
  const now = data.find((one) => one.id === id);
  const who = now?.deployed_by ? memberName(now.deployed_by) : 'Somebody else';
  return now?.file
    ? `${who} was first: ${versionLabel(now.file)} is in ${name} now.`
    : `${who} was first: nothing is in ${name} now.`;
}

function environmentsUrl(fileId: string) {
  return `/v5/${collectionOf(fileId)}/{id}/environments` as const;
}
