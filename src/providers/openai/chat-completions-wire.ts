import type { StreamFold, Wire } from '../language-model.ts';
import { remainder, tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/** The wire of OpenAI's chat completions, which several vendors speak. */
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
  // Not every vendor says [DONE], but usage comes after everything else.
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
    // A finish reason is a word, not a piece of one.
    const { finish_reason: finishReason, ...others } = rest;
    if (finishReason != null) choice.rest['finish_reason'] = finishReason;
    merge(choice.rest, others);
  }

  return {
    add(chunk) {
      if (!isRecord(chunk)) return;
      // `obfuscation` is random padding of a stream's chunks, no part of the answer.
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

/** Fields whose pieces replace each other; the pieces of other strings are joined. */
const wholeFields = new Set(['role', 'type', 'id', 'name', 'index', 'format']);

/** Adds what has come to what is there: strings are joined, lists too, objects merged. */
function merge(target: Writable, delta: Readonly<Record<string, unknown>>) {
  for (const [key, value] of Object.entries(delta)) {
    const before = target[key];
    if (value == null) {
      if (!(key in target)) put(target, key, value);
    } else if (typeof value === 'string') {
      const joins = typeof before === 'string' && !wholeFields.has(key);
      if (joins) target[key] = before + value;
      // An id that is repeated as '' is still the one it was.
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

/** Some vendors give every call the index 0; a new id is then what tells them apart. */
function isSameCall(
  before: Readonly<Record<string, unknown>>,
  { id }: Readonly<Record<string, unknown>>,
): boolean {
  return typeof id !== 'string' || id === '' || before['id'] === undefined || before['id'] === id;
}

/** The message as it is without a stream: no numbers on its calls, and null for no content. */
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

/** Sets a field, whatever it is called: `__proto__` too is only a name. */
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
