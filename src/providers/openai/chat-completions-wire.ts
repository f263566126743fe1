import type { StreamFold, Wire } from '../language-model.ts';
import { remainder, tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/** The wire format of OpenAI's chat completions, which several vendors use. */
export const chatCompletionsWire: Wire = {
  streamEnd: /(?:^|\n)data: ?\[DONE\]\r?\n\r?\n/,
  fold: foldChunks,
  usage(body) {
    const prompt = tokenCount(body, 'usage', 'prompt_tokens');
    const details = ['usage', 'prompt_tokens_details'] as const;
    const cacheReadTokens = tokenCount(body, ...details, 'cached_tokens');
    const cacheWriteTokens = tokenCount(body, ...details, 'cache_write_tokens');
    return {
      inputTokens: remainder(prompt, cacheReadTokens, cacheWriteTokens),
      cacheReadTokens,
      cacheWriteTokens,
      outputTokens: tokenCount(body, 'usage', 'completion_tokens'),
      reasoningTokens: tokenCount(body, 'usage', 'completion_tokens_details', 'reasoning_tokens'),
    };
  },
  // Not every vendor sends [DONE], but the usage always comes last.
  isWhole: (body) => isRecord(body) && isRecord(body['usage']),
};

type Writable = Record<string, unknown>;

interface Choice {
  message: Writable;
  rest: Writable;
}

function foldChunks(): StreamFold {
  const top: Writable = {};
  const choices = new Map<number, Choice>();

  function addChoice({ index, delta, ...rest }: Writable) {
    const at = typeof index === 'number' ? index : 0;
    const choice = choices.get(at) ?? { message: {}, rest: {} };
    choices.set(at, choice);
    if (isRecord(delta)) merge(choice.message, delta);
    // A finish reason arrives whole, not in pieces.
    const { finish_reason: finishReason, ...others } = rest;
    if (finishReason != null) choice.rest['finish_reason'] = finishReason;
    merge(choice.rest, others);
  }

  return {
    add(chunk) {
      if (!isRecord(chunk)) return;
      // `obfuscation` is random padding of chunks, not part of the answer.
      const { choices: given, obfuscation: _padding, ...rest } = chunk;
      for (const [key, value] of Object.entries(rest)) {
        if (value != null || !(key in top)) put(top, key, value);
      }
      for (const choice of Array.isArray(given) ? given : []) {
        if (isRecord(choice)) addChoice(choice);
      }
    },
    body() {
      const { usage, ...rest } = top;
      return {
        ...rest,
        object: 'chat.completion',
        choices: [...choices]
          .sort(([a], [b]) => a - b)
          .map(([index, choice]) => ({
            index,
            message: wholeMessage(choice.message),
            finish_reason: null,
            ...choice.rest,
          })),
        ...(usage == null ? {} : { usage }),
      };
    },
  };
}

/** String fields in which a new value replaces the old one; in all others it is appended. */
const wholeFields = new Set(['role', 'type', 'id', 'name', 'index', 'format']);

/** Merges a chunk into the body: strings and lists are appended, objects are merged. */
function merge(target: Writable, delta: Readonly<Record<string, unknown>>) {
  for (const [key, value] of Object.entries(delta)) {
    const before = target[key];
    if (value == null) {
      if (!(key in target)) put(target, key, value);
    } else if (typeof value === 'string') {
      const joins = typeof before === 'string' && !wholeFields.has(key);
      if (joins) target[key] = before + value;
      // An id that is repeated as '' is unchanged.
      else if (value !== '' || before == null) put(target, key, value);
    } else if (Array.isArray(value)) {
      const list = Array.isArray(before) ? before : [];
      put(target, key, list);
      for (const member of value) addMember(list, member);
    } else if (isRecord(value) && isRecord(before)) {
      merge(before as Writable, value);
    } else if (isRecord(value)) {
      const copy: Writable = {};
      put(target, key, copy);
      merge(copy, value);
    } else {
      put(target, key, value);
    }
  }
}

function addMember(list: unknown[], member: unknown) {
  if (!isRecord(member)) {
    list.push(member);
    return;
  }
  const { index } = member;
  const same =
    typeof index === 'number'
      ? list.find(
          (other) => isRecord(other) && other['index'] === index && isSameCall(other, member),
        )
      : undefined;
  if (same !== undefined) {
    merge(same as Writable, member);
    return;
  }
  const copy: Writable = {};
  merge(copy, member);
  list.push(copy);
}

/** Some vendors give every call the index 0; then only a new id marks a new call. */
function isSameCall(
  before: Readonly<Record<string, unknown>>,
  { id }: Readonly<Record<string, unknown>>,
): boolean {
  return typeof id !== 'string' || id === '' || before['id'] === undefined || before['id'] === id;
}

/** The message in its form without a stream: calls have no index, and missing content is null. */
function wholeMessage(message: Writable): Writable {
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls)) return message;
  return {
    ...message,
    content: message['content'] === '' ? null : message['content'],
    tool_calls: calls.map((call) => {
      if (!isRecord(call)) return call;
      const { index: _number, ...rest } = call;
      return rest;
    }),
  };
}

/** Sets a field of any name: with an assignment, `__proto__` would set the prototype. */
function put(target: Writable, key: string, value: unknown) {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}
