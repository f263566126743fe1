import type { StreamFold, Wire } from '../language-model.ts';
import { tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/** The wire format of Anthropic's Messages API. */
export const messagesWire: Wire = {
  streamEnd:
    /(?:^|\n)(?:event: ?message_stop\r?\ndata:|data: ?\{"type": ?"message_stop")[^\n]*\n\r?\n/,
  fold: foldEvents,
  usage(body) {
    return {
      inputTokens: tokenCount(body, 'usage', 'input_tokens'),
      cacheReadTokens: tokenCount(body, 'usage', 'cache_read_input_tokens'),
      cacheWriteTokens: tokenCount(body, 'usage', 'cache_creation_input_tokens'),
      outputTokens: tokenCount(body, 'usage', 'output_tokens'),
      reasoningTokens: tokenCount(body, 'usage', 'output_tokens_details', 'thinking_tokens'),
    };
  },
  // "New event types may be added": https://platform.claude.com/docs/en/api/versioning
  canIgnore: (chunk) => isRecord(chunk) && !knownEvents.has(String(chunk['type'])),
};

const knownEvents = new Set([
  'undefined',
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
]);

type Writable = Record<string, unknown>;

function foldEvents(): StreamFold {
  let message: Writable = {};
  const blocks = new Map<unknown, Writable>();
  /** The input of a tool call arrives as pieces of JSON text. */
  const inputs = new Map<unknown, string>();

  function addDelta(index: unknown, delta: Readonly<Record<string, unknown>>) {
    const block = blocks.get(index);
    if (block === undefined) return;
    const { type, partial_json: json, citation, ...rest } = delta;
    if (type === 'input_json_delta') {
      inputs.set(index, (inputs.get(index) ?? '') + String(json ?? ''));
    } else if (type === 'citations_delta') {
      block['citations'] = [...list(block['citations']), citation];
    } else {
      for (const [key, value] of Object.entries(rest)) {
        const before = block[key];
        const joins = typeof before === 'string' && typeof value === 'string';
        block[key] = joins ? before + value : value;
      }
    }
  }

  return {
    add(event) {
      if (!isRecord(event)) return;
      const { type, index, content_block: block, delta } = event;
      if (type === 'message_start' && isRecord(event['message'])) {
        message = { ...event['message'] };
      } else if (type === 'content_block_start' && isRecord(block)) {
        blocks.set(index, { ...block });
      } else if (type === 'content_block_delta' && isRecord(delta)) {
        addDelta(index, delta);
      } else if (type === 'message_delta') {
        const { type: _type, delta: _delta, usage, ...rest } = event;
        if (isRecord(delta)) Object.assign(message, delta);
        Object.assign(message, rest);
        message['usage'] = known(message['usage'], usage);
      }
    },
    body() {
      const content = [...blocks]
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([index, block]) => {
          const input = inputs.get(index);
          return input ? { ...block, input: parsed(input) } : block;
        });
      return { ...message, content: [...list(message['content']), ...content] };
    },
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Merges new usage into the earlier usage; a null does not erase a count. */
function known(before: unknown, now: unknown): unknown {
  if (!isRecord(now)) return before;
  const news = Object.entries(now).filter(([, value]) => value !== null);
  return { ...(isRecord(before) ? before : {}), ...Object.fromEntries(news) };
}

/** The input of a call, or its text when it is not valid JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
