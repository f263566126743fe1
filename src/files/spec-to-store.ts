import type { Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { withEnvironmentIds } from './environments.ts';
import type { Fields, FileKind } from './kind.ts';
import { withSealedHeaders } from './secrets/seal-headers.ts';
import type { FileLocator } from './upsert-version.ts';

/**
 * The spec of a request in the form in which it may be stored: environments are named by their ids,
 * and secrets are sealed.
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
