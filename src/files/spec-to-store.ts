import type { Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { withEnvironmentIds } from './environments.ts';
import type { FileKind } from './kind.ts';
import { withSealedHeaders } from './secrets/seal-headers.ts';
import type { FileLocator } from './upsert-version.ts';

type Spec = Readonly<Record<string, unknown>>;

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
  spec: Spec,
): Promise<Spec> {
  const named = await withEnvironmentIds(workspace, kind, spec);
  return withSealedHeaders(workspace, secrets, kind, locator, named);
}
