import type { StreamFold, Wire } from '../language-model.ts';
import { isRecord } from '../vendor-failure.ts';
import { chatCompletionsWire } from './chat-completions-wire.ts';

/** The wire format of OpenAI's completions: like chat completions, but a choice has a text. */
export const completionsWire: Wire = { ...chatCompletionsWire, fold: foldTexts };

type Fields = Readonly<Record<string, unknown>>;

function foldTexts(): StreamFold {
  let top: Fields = {};
  const choices = new Map<number, Fields>();
  return {
    add(chunk) {
      if (!isRecord(chunk)) return;
      const { choices: given, obfuscation: _padding, ...rest } = chunk;
      top = { ...top, ...known(rest, top) };
      for (const choice of Array.isArray(given) ? given : []) {
        if (!isRecord(choice)) continue;
        const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
        choices.set(index, joinedChoice(choices.get(index) ?? {}, choice));
      }
    },
    body: () => ({
      ...top,
      choices: [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice),
    }),
  };
}

function joinedChoice(before: Fields, { text, logprobs, ...rest }: Fields): Fields {
  return {
    ...before,
    text: `${before['text'] ?? ''}${typeof text === 'string' ? text : ''}`,
    logprobs: joinedLists(before['logprobs'], logprobs),
    ...known(rest, before),
  };
}

/** Appends new probabilities to the earlier ones: lists by name, with one item per token. */
function joinedLists(before: unknown, now: unknown): unknown {
  if (!isRecord(now)) return before ?? null;
  if (!isRecord(before)) return now;
  const joined = Object.entries(now).map(([name, list]) => {
    const start = before[name];
    return [name, Array.isArray(start) && Array.isArray(list) ? [...start, ...list] : list];
  });
  return { ...before, ...Object.fromEntries(joined) };
}

/** The fields of a chunk without those that are null and known from before. */
function known(now: Fields, before: Fields): Fields {
  const news = Object.entries(now).filter(([key, value]) => value !== null || !(key in before));
  return Object.fromEntries(news);
}
