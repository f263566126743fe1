import { isRecord } from '../../kernel/json-object.ts';
import type { Note } from '../mender.ts';
import type { ModelEvent } from '../provider.ts';
import type { Said } from '../said.ts';
import { Nonsense } from '../vendor-failure.ts';
import type { ReadingFold } from '../wire.ts';
import { addCallPiece, type FoldedCall, wholeCall } from './call-pieces.ts';
import { merge, mergeKnown, type Writable } from './merge-chunks.ts';
import {
  bareText,
  choicesIn,
  indexOf,
  mayBeChoices,
  reasoningField,
  saidInMessage,
} from './said-in-choices.ts';

interface Choice {
  message: Writable;
  readonly calls: FoldedCall[];
  readonly rest: Writable;
  /** Whether the text so far came in `message`, where a body without a stream has it. */
  isInMessages: boolean;
  /** The field that has the reasoning; some servers say it twice. */
  reasoningIn: string | null;
}

/** Builds the body of a chat completion from the chunks of a stream. */
export function foldChunks(note?: Note): ReadingFold {
  const top: Writable = {};
  const choices = new Map<number, Choice>();
  /** The index of the choice that is the answer. */
  let first: number | undefined;

  function choiceAt(index: number): Choice {
    const before = choices.get(index);
    if (before !== undefined) return before;
    const choice: Choice = {
      message: {},
      calls: [],
      rest: {},
      isInMessages: false,
      reasoningIn: null,
    };
    choices.set(index, choice);
    return choice;
  }

  function addChoice(given: Writable, isBody: boolean): readonly ModelEvent[] {
    const { index: _index, delta, message, text: _text, finish_reason, usage, ...others } = given;
    const at = indexOf(given);
    first ??= at;
    const choice = choiceAt(at);
    const hasEnded = finish_reason != null && finish_reason !== '';
    if (hasEnded) choice.rest['finish_reason'] = finish_reason;
    mergeKnown(choice.rest, 'usage', usage);
    merge(choice.rest, others);
    if (Array.isArray(delta) || Array.isArray(message)) {
      throw new Nonsense('sent a piece of its answer that cannot be read.', body());
    }
    const hasDelta = isRecord(delta) && Object.keys(delta).length > 0;
    const piece = hasDelta
      ? delta
      : isRecord(message)
        ? pieceOfMessage(choice, message, isBody || hasEnded)
        : { content: bareText(given) };
    addPiece(choice, piece);
    choice.reasoningIn ??= reasoningField(piece);
    return at === first ? eventsOf(piece, choice) : [];
  }

  return {
    add(chunk) {
      if (!isRecord(chunk)) {
        if (chunk !== undefined) note?.('a piece that is no object');
        return [];
      }
      // `obfuscation` is random padding of chunks, not part of the answer.
      const { choices: given, obfuscation: _padding, ...rest } = chunk;
      if (!mayBeChoices(given)) {
        throw new Nonsense('sent a piece of its answer that cannot be read.', body());
      }
      for (const [key, value] of Object.entries(rest)) mergeKnown(top, key, value);
      const isBody = chunk['object'] === 'chat.completion';
      return choicesIn(chunk).flatMap((choice) => addChoice(choice, isBody));
    },
    body,
  };

  function body() {
    const { usage, ...rest } = top;
    return {
      ...rest,
      object: 'chat.completion',
      choices: [...choices]
        .sort(([a], [b]) => a - b)
        .map(([index, choice]) => ({
          index,
          message: wholeMessage(choice),
          finish_reason: null,
          ...choice.rest,
        })),
      ...(usage == null ? {} : { usage }),
    };
  }
}

function addPiece(choice: Choice, { content, tool_calls: calls, ...others }: Writable) {
  const { message } = choice;
  addContent(message, content);
  if (calls != null) message['tool_calls'] = calls;
  for (const call of (Array.isArray(calls) ? calls : [calls]).filter(isRecord)) {
    addCallPiece(choice.calls, call, merge);
  }
  merge(message, others);
}

/**
 * Appends content: text to text. Content in parts stays in parts, of which neighbours of a kind are
 * joined.
 */
function addContent(message: Writable, content: unknown) {
  const before = message['content'];
  if (content === undefined || (content === null && 'content' in message)) return;
  if (typeof content === 'string' && typeof before === 'string') {
    message['content'] = before + content;
  } else if (typeof content === 'string' && !Array.isArray(before)) {
    message['content'] = content;
  } else if (content === null) {
    message['content'] = null;
  } else {
    const parts = Array.isArray(before) ? before : asParts(before);
    for (const part of asParts(content)) addPart(parts, part);
    message['content'] = parts;
  }
}

function asParts(content: unknown): unknown[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : content == null ? [] : [content];
}

function addPart(parts: unknown[], part: unknown) {
  const last = parts.at(-1);
  const isText = isRecord(part) && typeof part['text'] === 'string';
  if (isText && isRecord(last) && last['type'] === part['type']) {
    merge(last as Writable, { text: part['text'] });
  } else {
    parts.push(isRecord(part) ? { ...part } : part);
  }
}

/**
 * The news of a `message`. At the end of a stream, or as the body of an answer, it repeats what has
 * come before; in the middle it is a piece like a `delta`.
 */
function pieceOfMessage(choice: Choice, message: Writable, isSummary: boolean): Writable {
  const before = saidInMessage({ ...choice.message, tool_calls: undefined });
  const now = saidInMessage({ ...message, tool_calls: undefined });
  const hasText = before.text !== '' || before.reasoning !== '';
  const repeats = now.text.startsWith(before.text) && now.reasoning.startsWith(before.reasoning);
  const { tool_calls: calls, ...rest } = message;
  const news = choice.calls.length > 0 && isSummary ? rest : message;
  if (!hasText) {
    choice.isInMessages = true;
    return news;
  }
  if (!isSummary || (choice.isInMessages && !repeats)) return news;
  const text = newsIn('text', before, now);
  const reasoning = newsIn('reasoning', before, now);
  return {
    ...(choice.calls.length === 0 && { tool_calls: calls }),
    ...(text !== '' && { content: text }),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
  };
}

/**
 * What a summary says after the pieces before it; it may also leave out some of them.
 *
 * @throws Nonsense when it says something else.
 */
function newsIn(type: 'text' | 'reasoning', before: Said, now: Said): string {
  if (now[type].startsWith(before[type])) return now[type].slice(before[type].length);
  const [pieces, summary] = [before, now].map((said) => said[type].replace(/\s+/g, ''));
  if (pieces?.startsWith(summary ?? '') === true) return '';
  throw new Nonsense(`sent an answer whose ${type} differs from the pieces of it.`);
}

function eventsOf(piece: Writable, { reasoningIn }: Choice): readonly ModelEvent[] {
  const { text, reasoning } = saidInMessage(piece, reasoningIn);
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, delta: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text' as const, delta: text }]),
  ];
}

/** The message in its form without a stream: missing content beside calls is null. */
function wholeMessage({ message, calls }: Choice): Writable {
  if (calls.length === 0) return message;
  return {
    ...message,
    content: message['content'] === '' ? null : message['content'],
    tool_calls: calls.map(wholeCall),
  };
}
