import type { ChatMessage } from '../contract/chat.ts';
import { mapStrings, storableText } from '../kernel/text.ts';
import { type ModelAnswer, type ModelEvent, ProviderFailure } from './provider.ts';

/** A limit far above any real answer: characters of text, thinking and tool-call arguments. */
const MAX_ANSWER_CHARACTERS = 10_000_000;

/** Shorter texts are not keys, and removing them could remove ordinary words. */
const SHORTEST_KEY = 8;

/** In a key of several parts, a shorter part is a region, not a secret. */
const SHORTEST_PART = 16;

/** A function that makes text storable and removes API keys from it. */
export function redactor(...keys: readonly (string | undefined)[]): (text: string) => string {
  const secrets = [...new Set(keys.flatMap((key) => secretsIn(key?.trim() ?? '')))];
  if (secrets.length === 0) return storableText;
  return (text) =>
    storableText(secrets.reduce((left, hidden) => left.replaceAll(hidden, '[redacted]'), text));
}

/** A key, and those of its parts that are secrets: `<id>:<secret>`, `Bearer <token>`. */
function secretsIn(key: string): readonly string[] {
  if (key.length < SHORTEST_KEY) return [];
  return [key, ...key.split(/[:\s]+/).filter((part) => part.length >= SHORTEST_PART)];
}

/**
 * An answer that can be stored and shown.
 *
 * @throws ProviderFailure `nonsense` when it is longer than any real answer.
 */
export function cleanAnswer(
  title: string,
  answer: ModelAnswer,
  redact: (text: string) => string,
): ModelAnswer {
  if (countCharacters(answer.message) > MAX_ANSWER_CHARACTERS) throw tooLong(title, answer);
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
    mayRepeat: failure.mayRepeat,
    providerRequest: mapStrings(failure.providerRequest, redact),
    providerResponse: mapStrings(failure.providerResponse, redact),
    // Packages attach requests and responses to their errors; only the message is kept.
    cause: cause instanceof Error ? new Error(redact(cause.message)) : undefined,
  });
}

/** Makes the pieces of an answer storable one by one; together they equal the storable whole. */
export function cleanPieces(title: string) {
  let characters = 0;
  let type: ModelEvent['type'] = 'text';
  /**
   * The first half of a surrogate pair at the end of a piece; the next piece has the second half.
   */
  let half = '';

  function end(): readonly ModelEvent[] {
    if (half === '') return [];
    const delta = storableText(half);
    half = '';
    return [{ type, delta }];
  }

  return {
    /** @throws ProviderFailure `nonsense` when the pieces exceed the length of any real answer. */
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
    /** Yields what is still held back at the end. */
    end,
  };
}

function countCharacters({ content, tool_calls: calls, thinking }: ChatMessage): number {
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
