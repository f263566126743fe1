import { api, sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import { collectionOf } from '../../files/kind-of-id.ts';
import { bodyOf, type Spec } from '../spec/spec.ts';

/** What is said of a version when it is committed. */
export interface Commit {
  readonly name: string;
  readonly description: string;
}

/** Stores a spec as a version of a file. @throws ApiError, with the places of what is wrong. */
export function commitVersion(
  fileId: string,
  spec: Spec,
  { name, description }: Commit,
): Promise<FileResponse> {
  return sendJson<FileResponse>('POST', `/v5/${collectionOf(fileId)}`, {
    id: fileId,
    ...bodyOf(spec),
    ...(name.trim() && { version_name: name.trim() }),
    ...(description.trim() && { version_description: description.trim() }),
  });
}

/** Deploys a version to environments, one after the other. @throws ApiError for the first that refuses it. */
export async function deployTo(
  { id, version_id }: FileResponse,
  environmentIds: readonly string[],
): Promise<void> {
  for (const environment_id of environmentIds) {
    await api.POST(`/v5/${collectionOf(id)}/{id}/environments/{environment_id}`, {
      params: { path: { id, environment_id }, query: { version_id } },
    });
  }
}
