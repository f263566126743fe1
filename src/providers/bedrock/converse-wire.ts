import { parseExactJson } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import { type Said, saidInAll } from '../said.ts';
import { tokenCount } from '../token-count.ts';
import type { StreamFold, Wire } from '../wire.ts';
import { contentOf, mayLeaveOut, mendBody } from './mend-body.ts';

/**
 * The wire format of Amazon's Converse API. Its stream is binary; the package passes on each event
 * as `{ type: payload }`.
 */
export const converseWire: Wire = {
  fold: foldEvents,
  said,
  mender: mendBody,
  mayLeaveOut,
  usage: (body) => ({
    inputTokens: tokenCount(body, 'usage', 'inputTokens'),
    cacheReadTokens: tokenCount(body, 'usage', 'cacheReadInputTokens'),
    cacheWriteTokens: tokenCount(body, 'usage', 'cacheWriteInputTokens'),
    outputTokens: tokenCount(body, 'usage', 'outputTokens'),
    reasoningTokens: null,
  }),
  // The event with the usage comes last.
  isWhole: (body) => isRecord(body) && isRecord(body['usage']),
  errorIn(chunk) {
    const [[type, payload] = []] = isRecord(chunk) ? Object.entries(chunk) : [];
    if (type === undefined || !type.endsWith('Exception')) return undefined;
    return { error: { type, ...(isRecord(payload) ? payload : {}) } };
  },
};

function said(body: unknown): Said {
  return saidInAll(
    contentOf(body).map((block) => {
      const { text, reasoningContent: thought, toolUse } = block;
      const reasoning = isRecord(thought) ? thought['reasoningText'] : undefined;
      return {
        text: typeof text === 'string' ? text : '',
        reasoning: isRecord(reasoning) ? String(reasoning['text'] ?? '') : '',
        call: isRecord(toolUse)
          ? { name: toolUse['name'], arguments: toolUse['input'] }
          : undefined,
      };
    }),
  );
}

type Writable = Record<string, unknown>;

function foldEvents(): StreamFold {
  let role: unknown = 'assistant';
  let ends: Writable = {};
  const blocks = new Map<number, Writable>();

  function block(index: unknown): Writable {
    const at = Number(index ?? 0);
    const before = blocks.get(at) ?? {};
    blocks.set(at, before);
    return before;
  }

  function addDelta(target: Writable, delta: Readonly<Record<string, unknown>>) {
    for (const [key, value] of Object.entries(delta)) {
      const before = target[key];
      if (key === 'reasoningContent' && isRecord(value)) {
        addReasoning(target, value);
      } else if (isRecord(value)) {
        target[key] = joined(isRecord(before) ? before : {}, value);
      } else {
        target[key] = joined({ value: before ?? '' }, { value })['value'];
      }
    }
  }

  return {
    add(chunk) {
      if (!isRecord(chunk)) return;
      const [[type, payload] = []] = Object.entries(chunk);
      if (!isRecord(payload)) return;
      if (type === 'messageStart') role = payload['role'];
      else if (type === 'contentBlockStart' && isRecord(payload['start'])) {
        Object.assign(block(payload['contentBlockIndex']), payload['start']);
      } else if (type === 'contentBlockDelta' && isRecord(payload['delta'])) {
        addDelta(block(payload['contentBlockIndex']), payload['delta']);
      } else if (type === 'messageStop' || type === 'metadata') {
        ends = { ...ends, ...payload };
      }
    },
    body() {
      const content = [...blocks].sort(([a], [b]) => a - b).map(([, value]) => wholeBlock(value));
      return { output: { message: { role, content } }, ...ends };
    },
  };
}

/** Text and signature arrive as separate pieces, but stand together in `reasoningText`. */
function addReasoning(target: Writable, delta: Readonly<Record<string, unknown>>) {
  const before = isRecord(target['reasoningContent']) ? target['reasoningContent'] : {};
  const { text, signature, ...rest } = delta;
  const ofText = isRecord(before['reasoningText']) ? before['reasoningText'] : {};
  const pieces = {
    ...(text !== undefined && { text }),
    ...(signature !== undefined && { signature }),
  };
  target['reasoningContent'] = {
    ...joined(before, rest),
    ...(Object.keys(pieces).length > 0 && { reasoningText: joined(ofText, pieces) }),
  };
}

/** Merges fields: texts are appended, everything else is replaced. */
function joined(
  before: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>>,
) {
  const next: Writable = { ...before };
  for (const [key, value] of Object.entries(more)) {
    const old = next[key];
    next[key] = typeof old === 'string' && typeof value === 'string' ? old + value : value;
  }
  return next;
}

/** A block in its form without a stream, where the input of a call is parsed JSON. */
function wholeBlock(value: Writable): Writable {
  const { toolUse } = value;
  if (!isRecord(toolUse)) return value;
  return { ...value, toolUse: { ...toolUse, input: parsed(String(toolUse['input'] ?? '')) } };
}

function parsed(json: string): unknown {
  if (json.trim() === '') return {};
  try {
    return parseExactJson(json);
  } catch {
    return json;
  }
}
