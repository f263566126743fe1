import { hasExactNumbers, parseExactJson } from '../kernel/exact-json.ts';
import type { AnswerPart } from './answer-parts.ts';
import type { Said } from './said.ts';

/**
 * The parts of an answer as the vendor sent them: packages read arguments that come as an object, and
 * answers in JSON, with doubles, and write them anew.
 *
 * @param said has them as they came.
 */
export function withExactNumbers(
  parts: readonly AnswerPart[],
  { text, calls }: Said,
): readonly AnswerPart[] {
  const left = [...calls];
  const texts = parts.filter(({ type }) => type === 'text');
  return parts.map((part) => {
    if (part.type === 'text' && texts.length === 1)
      return { ...part, text: exact(part.text, text) };
    if (part.type !== 'tool-call' || part.providerExecuted === true) return part;
    const at = left.findIndex(
      (call) => call.name === part.toolName && isSameRead(call.arguments, part.input),
    );
    const [call] = at === -1 ? [] : left.splice(at, 1);
    return call === undefined ? part : { ...part, input: exact(part.input, call.arguments) };
  });
}

/** What was sent, where reading and writing it has changed numbers. */
function exact(read: string, sent: string): string {
  const isChanged =
    read !== sent && isSameRead(read, sent) && hasExactNumbers(parseExactJson(sent));
  return isChanged ? sent : read;
}

/** Whether two texts are the same JSON when their numbers are read as doubles. */
function isSameRead(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
