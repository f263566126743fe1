import type { Caller } from '../../accounts/callers.ts';
import type { FileKind } from '../../files/kind.ts';
import { specToStore } from '../../files/spec-to-store.ts';
import { specOfText } from '../../files/text-format/spec-of-text.ts';
import type { FileLocator } from '../../files/upsert-version.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The version that a request describes inline, as fields or as the text of a file, ready to be
 * stored; see `specToStore`. Undefined if the request has no inline version.
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
  // Wrap the member `spec` of an evaluator: it is the only field of the evaluator's spec.
  if (Object.hasOwn(kind.spec.properties, member)) return { [member]: given };
  const spec = typeof given === 'string' ? await specOfText(workspace, kind, given) : given;
  return specToStore(workspace, secrets, kind, body, spec);
}
