import type { Caller } from '../accounts/authenticate.ts';
import type { FileKind } from '../files/kind.ts';
import { specOfText } from '../files/text-format/spec-of-text.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The version that a request describes in place, as fields, in whichever form it came: whatever comes
 * after does not know that there are two. Undefined when it describes none.
 *
 * @throws `invalid` for a text that cannot be read, with lines and columns.
 */
export async function inlineSpecOf(
  workspace: Caller['workspace'],
  kind: FileKind,
  body: Fields,
): Promise<Fields | undefined> {
  const member = kind.log?.inline ?? kind.type;
  const given = body[member] as Fields | string | null | undefined;
  if (given === null || given === undefined) return undefined;
  if (typeof given === 'string') return specOfText(workspace, kind, given);
  // An evaluator is described by the one field that defines it.
  return Object.hasOwn(kind.spec.properties, member) ? { [member]: given } : given;
}
