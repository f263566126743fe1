import { sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import type { Deployment } from '../../deploy/deployment.ts';
import { replaceVersion } from '../../deploy/replace-version.ts';
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

/**
 * Deploys a version to environments, one after the other, in place of what was seen there.
 *
 * @throws as `replaceVersion`, for the first where it is refused.
 */
export async function deployTo(version: FileResponse, seen: readonly Deployment[]): Promise<void> {
  for (const { environment, version: there } of seen) {
    await replaceVersion(version.id, { environment, version, seen: there });
  }
}
