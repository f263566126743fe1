import type { StreamFold, Wire } from '../language-model.ts';
import { remainder, tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/** The wire format of the Gemini API: https://ai.google.dev/api/generate-content. */
export const generateContentWire: Wire = {
  fold: foldChunks,
  usage(body) {
    const count = (name: string) => tokenCount(body, 'usageMetadata', name);
    const cacheReadTokens = count('cachedContentTokenCount');
    const reasoningTokens = count('thoughtsTokenCount');
    return {
      inputTokens: remainder(
        sum(count('promptTokenCount'), count('toolUsePromptTokenCount')),
        cacheReadTokens,
      ),
      cacheReadTokens,
      cacheWriteTokens: null,
      // Google counts thoughts separately from candidates, but bills both as output.
      outputTokens: sum(count('candidatesTokenCount'), reasoningTokens),
      reasoningTokens,
    };
  },
};

function sum(...counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
}

type Fields = Readonly<Record<string, unknown>>;

function foldChunks(): StreamFold {
  let top: Fields = {};
  let candidate: Fields | undefined;
  let content: Fields = {};
  const parts: unknown[] = [];

  return {
    add(chunk) {
      if (!isRecord(chunk)) return;
      const { candidates, ...rest } = chunk;
      top = { ...top, ...rest };
      const [next] = Array.isArray(candidates) ? candidates : [];
      if (!isRecord(next)) return;
      const { content: given, ...ofCandidate } = next;
      candidate = { ...candidate, ...ofCandidate };
      if (!isRecord(given)) return;
      const { parts: more, ...ofContent } = given;
      content = { ...content, ...ofContent };
      for (const part of Array.isArray(more) ? more : []) addPart(parts, part);
    },
    body: () => ({
      ...(candidate && { candidates: [{ content: { parts, ...content }, ...candidate }] }),
      ...top,
    }),
  };
}

/** Adds a part; text is appended to a text part before it. */
function addPart(parts: unknown[], part: unknown) {
  // The chunk with the finish reason contains an empty part, which is not part of the answer.
  if (isText(part) && part['text'] === '' && part['thoughtSignature'] === undefined) return;
  const before = parts.at(-1);
  const goesOn = isText(before) && isText(part) && before['thought'] === part['thought'];
  if (goesOn && before['thoughtSignature'] === undefined) {
    parts[parts.length - 1] = { ...before, ...part, text: `${before['text']}${part['text']}` };
  } else {
    parts.push(part);
  }
}

function isText(part: unknown): part is Fields {
  return isRecord(part) && typeof part['text'] === 'string';
}
