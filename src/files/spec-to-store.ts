import type { Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { withEnvironmentIds } from './environments.ts';
import type { Fields, FileKind } from './kind.ts';
import { withSealedHeaders } from './secrets/seal-headers.ts';
import type { FileLocator } from './upsert-version.ts';

/**
 * Makes the spec of a request ready to be stored: links name environments by id, and secrets are
 * encrypted.
 *
 * @param spec checked against its schema.
 * @throws what `withSealedHeaders` throws.
 */
export async function specToStore(
  workspace: Workspace,
  secrets: SecretBox,
  kind: FileKind,
  locator: FileLocator,
  spec: Fields,
): Promise<Fields> {
  const named = await withEnvironmentIds(workspace, kind, spec);
  return withSealedHeaders(workspace, secrets, kind, locator, named);
}
