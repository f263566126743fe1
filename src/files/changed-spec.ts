import type { Workspace } from '../database/workspace.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { FileVersion } from './file-version.ts';
import { asRequested } from './given-defaults.ts';
import type { Fields } from './kind.ts';
import { kindOf } from './kinds/index.ts';
import { specToStore } from './spec-to-store.ts';

/**
 * The spec of a version with some fields changed, ready to be stored as another version of its file.
 *
 * @param changes checked against the schema of the kind; null removes a field.
 * @throws what `specToStore` throws.
 */
export async function changedSpec(
  workspace: Workspace,
  secrets: SecretBox,
  version: FileVersion,
  changes: Fields,
): Promise<Fields> {
  const kind = kindOf(version.type);
  const before: Fields = asRequested(version.spec);
  const given = Object.entries(changes).filter(([, value]) => value !== null);
  // Together with the fields that stay: a spec may have to be whole to be brought into its form.
  const whole = { ...before, ...Object.fromEntries(given) };
  const changed = await specToStore(workspace, secrets, kind, { id: version.id }, whole);
  return Object.fromEntries(
    Object.keys(whole)
      .filter((name) => changes[name] !== null)
      // What stays is stored already; its secrets are encrypted, and must not be so twice.
      .map((name) => [name, Object.hasOwn(changes, name) ? changed[name] : before[name]]),
  );
}
