import type { Caller } from '../../accounts/authenticate.ts';
import type { FileKind } from '../../files/kind.ts';
import { specToStore } from '../../files/spec-to-store.ts';
import { specOfText } from '../../files/text-format/spec-of-text.ts';
import type { FileLocator } from '../../files/upsert-version.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The version that a request describes inline, as fields or as the text of a file, ready to be
 * stored; see `specToStore`. Undefined if it describes none.
 *
 * @throws `invalid` for a text that cannot be read, with lines and columns.
 */
export async function readInlineSpec(
  workspace: Caller['workspace'],
  secrets: SecretBox,
  kind: FileKind,
  body: Fields & FileLocator,
): Promise<Fields | undefined> {
  const member = kind.log?.inline ?? kind.type;
  const given = body[member] as Fields | string | null | undefined;
  if (given === null || given === undefined) return undefined;
  // An evaluator's inline member, `spec`, is itself the one field of its spec.
  if (Object.hasOwn(kind.spec.properties, member)) return { [member]: given };
  const spec = typeof given === 'string' ? await specOfText(workspace, kind, given) : given;
  return specToStore(workspace, secrets, kind, body, spec);
}
