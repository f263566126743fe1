import type { ChatMessage } from '../contract/chat.ts';
import { mapStrings, storableText } from '../kernel/text.ts';
import { type ModelAnswer, type ModelEvent, ProviderFailure } from './provider.ts';

/** No model writes this much: characters of text, thinking and tool-call arguments. */
const MAX_ANSWER_CHARACTERS = 10_000_000;

/** What is shorter is no key, and taking it out could take words out. */
const SHORTEST_KEY = 8;

/** What is shorter, of a key that is made of several, is a region. */
const SHORTEST_PART = 16;

/** Makes text storable, and takes an API key out of it. */
export function redactor(apiKey: string | undefined): (text: string) => string {
  const secret = apiKey?.trim() ?? '';
  if (secret.length < SHORTEST_KEY) return storableText;
  const parts = secret.split(':').filter((part) => part.length >= SHORTEST_PART);
  const secrets = [...new Set([secret, ...parts])];
  return (text) =>
    storableText(secrets.reduce((left, hidden) => left.replaceAll(hidden, '[redacted]'), text));
}

/**
 * An answer that can be stored and shown.
 *
 * @throws ProviderFailure `nonsense` when it is longer than any answer is.
 */
export function cleanAnswer(
  title: string,
  answer: ModelAnswer,
  redact: (text: string) => string,
): ModelAnswer {
  if (lengthOf(answer.message) > MAX_ANSWER_CHARACTERS) throw tooLong(title, answer);
  return {
    ...answer,
    message: mapStrings(answer.message, storableText) as ModelAnswer['message'],
    parts: mapStrings(answer.parts, storableText) as ModelAnswer['parts'],
    providerRequest: mapStrings(answer.providerRequest, redact),
    providerResponse: mapStrings(answer.providerResponse, redact),
    warnings: answer.warnings.map(redact),
  };
}

/** A failure that can be stored and shown. */
export function cleanFailure(
  failure: ProviderFailure,
  redact: (text: string) => string,
): ProviderFailure {
  const { cause } = failure;
  return new ProviderFailure(failure.kind, redact(failure.message), {
    origin: failure.origin,
    status: failure.status,
    retryAfterMs: failure.retryAfterMs,
    providerRequest: mapStrings(failure.providerRequest, redact),
    providerResponse: mapStrings(failure.providerResponse, redact),
    // Packages hang requests and responses on their errors; only the words are kept.
    cause: cause instanceof Error ? new Error(redact(cause.message)) : undefined,
  });
}

/** Makes the pieces of an answer storable one by one: together they are the text of the whole. */
export function cleanPieces(title: string) {
  let characters = 0;
  let type: ModelEvent['type'] = 'text';
  /** The first half of a surrogate pair, whose second half comes with the next piece. */
  let half = '';

  function end(): readonly ModelEvent[] {
    if (half === '') return [];
    const delta = storableText(half);
    half = '';
    return [{ type, delta }];
  }

  return {
    /** @throws ProviderFailure `nonsense` when there is more than any answer has. */
    add(event: ModelEvent): readonly ModelEvent[] {
      characters += event.delta.length;
      if (characters > MAX_ANSWER_CHARACTERS) throw tooLong(title, {});
      const before = event.type === type ? [] : end();
      type = event.type;
      const text = half + event.delta;
      half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
      const delta = storableText(half === '' ? text : text.slice(0, -1));
      return delta === '' ? before : [...before, { type, delta }];
    },
    /** What is still held back at the end. */
    end,
  };
}

function lengthOf({ content, tool_calls: calls, thinking }: ChatMessage): number {
  const text = typeof content === 'string' ? content.length : JSON.stringify(content ?? '').length;
  const ofCalls = calls?.map((call) => call.function.arguments?.length ?? 0) ?? [];
  const ofThinking =
    thinking?.map((part) => (part.type === 'thinking' ? part.thinking : part.data).length) ?? [];
  return [...ofCalls, ...ofThinking].reduce((sum, length) => sum + length, text);
}

function tooLong(
  title: string,
  { providerRequest }: { readonly providerRequest?: unknown },
): ProviderFailure {
  const limit = MAX_ANSWER_CHARACTERS / 1_000_000;
  return new ProviderFailure('nonsense', `${title} wrote more than ${limit} million characters.`, {
    origin: title,
    providerRequest,
  });
}
