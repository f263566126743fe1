import { isRecord } from '../../kernel/json-object.ts';
import { type Said, saidInAll } from '../said.ts';
import { remainder, tokenCount } from '../token-count.ts';
import type { StreamFold, Wire } from '../wire.ts';
import { partsOf } from './content-parts.ts';
import { mendContent } from './mend-content.ts';
import { joinCalls } from './streamed-calls.ts';

/** The wire format of the Gemini API: https://ai.google.dev/api/generate-content. */
export const generateContentWire: Wire = {
  fold: foldChunks,
  said,
  mender: (note) => mendContent(note, asOne),
  usage(given) {
    const body = asOne(given);
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

function said(given: unknown): Said {
  const body = asOne(given);
  const [candidate] = isRecord(body) && Array.isArray(body['candidates']) ? body['candidates'] : [];
  const content = isRecord(candidate) ? candidate['content'] : undefined;
  const parts = partsOf(content);
  return saidInAll(
    parts.filter(isRecord).map((part) => {
      const text = isText(part) ? String(part['text']) : '';
      const call = part['functionCall'];
      return {
        [part['thought'] === true ? 'reasoning' : 'text']: text,
        call: isRecord(call) ? { name: call['name'], arguments: call['args'] } : undefined,
      };
    }),
  );
}

/** The chunks of a list as one body: some servers answer with a list. */
function asOne(body: unknown): unknown {
  if (!Array.isArray(body)) return body;
  const error = body.find((member) => isRecord(member) && member['error'] != null);
  if (error !== undefined) return error;
  const fold = foldChunks();
  fold.add(body);
  return fold.body();
}

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
  const calls = joinCalls();

  return {
    add(chunk) {
      // A stream may come as one array.
      if (Array.isArray(chunk)) for (const member of chunk) this.add(member);
      if (!isRecord(chunk)) return;
      const { candidates, ...rest } = chunk;
      for (const [name, value] of Object.entries(rest)) {
        if (value != null) top = { ...top, [name]: value };
      }
      const [next] = Array.isArray(candidates) ? candidates : [];
      if (!isRecord(next)) return;
      const { content: given, ...ofCandidate } = next;
      candidate = { ...candidate, ...ofCandidate };
      const { parts: _parts, ...ofContent } = isRecord(given) ? given : {};
      content = { ...content, ...ofContent };
      for (const part of partsOf(given).flatMap((part) => calls.add(part))) addPart(parts, part);
    },
    body: () => ({
      ...(candidate && {
        candidates: [{ content: { parts: [...parts, ...calls.rest()], ...content }, ...candidate }],
      }),
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
