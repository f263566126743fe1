import type { ModelRequest } from '../provider.ts';
import { countTokens, firstTokens } from './count-tokens.ts';
import type { Draft, DraftCall } from './draft.ts';

/** A draft within the limits of the request; `isCut` tells whether `max_tokens` shortened it. */
interface LimitedDraft extends Draft {
  readonly isCut: boolean;
}

/**
 * Shortens a draft to the limits of the request: at the first stop sequence, and at `max_tokens`.
 * The tokens go to reasoning first, then to text, then to tool-call arguments, whose JSON may be
 * cut in the middle, as vendors do.
 */
export function withinLimits(draft: Draft, { stop, maxTokens }: ModelRequest): LimitedDraft {
  const stopped = stop === undefined ? draft : stoppedAt(draft, stop);
  return maxTokens === undefined ? { ...stopped, isCut: false } : cutTo(stopped, maxTokens);
}

function stoppedAt(draft: Draft, stop: readonly string[]): Draft {
  const ends = stop
    .filter((sequence) => sequence !== '')
    .map((sequence) => draft.content.indexOf(sequence))
    .filter((end) => end >= 0);
  if (ends.length === 0) return draft;
  return { ...draft, content: draft.content.slice(0, Math.min(...ends)), toolCalls: [] };
}

function cutTo(draft: Draft, maxTokens: number): LimitedDraft {
  let left = Math.max(0, maxTokens);
  let isCut = false;
  const take = (text: string): string => {
    const tokens = countTokens(text);
    if (tokens <= left) {
      left -= tokens;
      return text;
    }
    const taken = firstTokens(text, left);
    left = 0;
    isCut = true;
    return taken;
  };

  const reasoning = take(draft.reasoning);
  const content = take(draft.content);
  const toolCalls: DraftCall[] = [];
  for (const call of draft.toolCalls) {
    if (left === 0) isCut = true;
    if (isCut) break;
    toolCalls.push({ ...call, arguments: take(call.arguments) });
  }
  return { reasoning, content, toolCalls, isCut };
}
