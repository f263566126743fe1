import { isRecord } from '../../kernel/json-object.ts';
import { Nonsense } from '../vendor-failure.ts';
import type { OwnWire, ReadingFold } from '../wire.ts';
import { chatCompletionsWire } from './chat-completions-wire.ts';
import { mergeKnown, type Writable } from './merge-chunks.ts';
import { choicesIn, indexOf, mayBeChoices, saidInBody } from './said-in-choices.ts';

/** The wire format of OpenAI's completions: like chat completions, but a choice has a text. */
export const completionsWire: OwnWire = { ...chatCompletionsWire, fold: foldTexts };

type Fields = Readonly<Record<string, unknown>>;

function foldTexts(): ReadingFold {
  const top: Writable = {};
  const choices = new Map<number, Writable>();
  /** The index of the choice that is the answer. */
  let first: number | undefined;
  return {
    add(chunk) {
      if (!isRecord(chunk)) return [];
      const { choices: given, obfuscation: _padding, ...rest } = chunk;
      if (!mayBeChoices(given)) {
        throw new Nonsense('sent a piece of its answer that cannot be read.', body());
      }
      for (const [key, value] of Object.entries(rest)) mergeKnown(top, key, value);
      return choicesIn(chunk).flatMap((choice) => {
        const index = indexOf(choice);
        first ??= index;
        const { text } = saidInBody({ choices: [choice] });
        choices.set(index, joinedChoice(choices.get(index) ?? {}, choice, text));
        return index === first && text !== '' ? [{ type: 'text' as const, delta: text }] : [];
      });
    },
    body,
  };

  function body() {
    return {
      ...top,
      choices: [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice),
    };
  }
}

function joinedChoice(
  before: Writable,
  { text: _text, logprobs, ...rest }: Fields,
  text: string,
): Writable {
  const joined: Writable = { ...before };
  for (const [key, value] of Object.entries(rest)) mergeKnown(joined, key, value);
  joined['text'] = `${before['text'] ?? ''}${text}`;
  joined['logprobs'] = joinedLists(before['logprobs'], logprobs);
  return joined;
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
