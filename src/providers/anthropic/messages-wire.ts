import { parseExactJson } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import { type Said, saidInAll } from '../said.ts';
import { tokenCount } from '../token-count.ts';
import type { StreamFold, Wire } from '../wire.ts';
import { mayLeaveOut } from './mend-blocks.ts';
import { mendMessages } from './mend-messages.ts';
import { blocksOf, deltaType, jsonText, text } from './message-blocks.ts';

/** The wire format of Anthropic's Messages API. */
export const messagesWire: Wire = {
  streamEnd:
    /(?:^|\n)(?:event: ?message_stop\r?\ndata:|data: ?\{"type": ?"message_stop")[^\n]*\n\r?\n/,
  fold: foldEvents,
  said,
  usage(body) {
    return {
      inputTokens: tokenCount(body, 'usage', 'input_tokens'),
      cacheReadTokens: tokenCount(body, 'usage', 'cache_read_input_tokens'),
      cacheWriteTokens: tokenCount(body, 'usage', 'cache_creation_input_tokens'),
      outputTokens: tokenCount(body, 'usage', 'output_tokens'),
      reasoningTokens: tokenCount(body, 'usage', 'output_tokens_details', 'thinking_tokens'),
    };
  },
  mender: mendMessages,
  mayLeaveOut,
};

function said(body: unknown): Said {
  const blocks = isRecord(body) ? blocksOf(body['content']).filter(isRecord) : [];
  return saidInAll(
    blocks.map(({ type, text: said, thinking, name, input }) => ({
      text: type === 'text' ? text(said) : '',
      reasoning: type === 'thinking' ? text(thinking) : '',
      call: type === 'tool_use' ? { name, arguments: input } : undefined,
    })),
  );
}

type Writable = Record<string, unknown>;

function foldEvents(): StreamFold {
  let message: Writable = {};
  const blocks: Writable[] = [];
  /** The last block of each index: some servers give several the same. */
  const current = new Map<unknown, Writable>();
  /** The input of a tool call arrives as pieces of JSON text. */
  const inputs = new Map<Writable, string>();

  function begin(index: unknown, block: Writable): Writable {
    current.set(index, block);
    blocks.push(block);
    return block;
  }

  function addDelta(index: unknown, delta: Readonly<Record<string, unknown>>) {
    const { type, partial_json: json, citation, ...rest } = delta;
    // Some servers begin no block.
    const block =
      current.get(index) ?? begin(index, { type: deltaType(delta).replace(/_delta$/, '') });
    if (type === 'input_json_delta') {
      inputs.set(block, (inputs.get(block) ?? '') + jsonText(json));
    } else if (type === 'citations_delta') {
      block['citations'] = [...list(block['citations']), citation];
    } else {
      for (const [key, given] of Object.entries(rest)) {
        const before = block[key];
        const value = text(given) || given;
        const joins = typeof before === 'string' && typeof value === 'string';
        block[key] = joins ? before + value : value;
      }
    }
  }

  return {
    add(event) {
      if (!isRecord(event)) return;
      const { type, index, content_block: block, delta } = event;
      if (type === 'message') {
        // A whole answer, although a stream was asked for.
        message = { ...event };
      } else if (type === 'message_start' && isRecord(event['message'])) {
        message = { ...event['message'] };
      } else if (type === 'content_block_start' && isRecord(block)) {
        begin(index, { ...block });
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
      const content = blocks.map((block) => {
        const input = inputs.get(block);
        return input ? { ...block, input: parsed(input) } : block;
      });
      return { ...message, content: [...list(message['content']), ...content] };
    },
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Merges new usage into the earlier usage; a null or a 0 does not erase a count. */
function known(given: unknown, now: unknown): unknown {
  if (!isRecord(now)) return given;
  const before = isRecord(given) ? given : {};
  const news = Object.entries(now).filter(
    ([name, value]) => value !== null && !(value === 0 && before[name] != null),
  );
  return { ...before, ...Object.fromEntries(news) };
}

/** The input of a call, or its text when it is not valid JSON. */
function parsed(json: string): unknown {
  try {
    return parseExactJson(json);
  } catch {
    return json;
  }
}
