import type { ChatMessage } from '../contract/chat.ts';
import { mapStrings, storableText } from '../kernel/text.ts';
import { type ModelAnswer, type ModelEvent, ProviderFailure } from './provider.ts';

/** A limit far above any real answer: characters of text, thinking and tool-call arguments. */
const MAX_ANSWER_CHARACTERS = 10_000_000;

/** Shorter texts are not keys, and removing them could remove ordinary words. */
const SHORTEST_KEY = 8;

/** In a key of several parts, a shorter part is a region, not a secret. */
const SHORTEST_PART = 16;

/** Makes text storable and removes API keys from it. */
export interface Redact {
  (text: string): string;
  /** Removes keys alone. */
  hide(text: string): string;
  /** How many characters at the end of a text may be the beginning of a key. */
  openEnd(text: string): number;
}

/** A function that makes text storable and removes API keys from it. */
export function redactor(...keys: readonly (string | undefined)[]): Redact {
  const secrets = [...new Set(keys.flatMap((key) => secretsIn(key?.trim() ?? '')))];
  const hide = (text: string) =>
    secrets.reduce((left, hidden) => left.replaceAll(hidden, '[redacted]'), text);
  const openEnd = (text: string) => Math.max(0, ...secrets.map((key) => beginningAtEnd(text, key)));
  return Object.assign((text: string) => storableText(hide(text)), { hide, openEnd });
}

/** The length of the longest end of a text with which a key begins. */
function beginningAtEnd(text: string, key: string): number {
  const first = key.charAt(0);
  let start = text.indexOf(first, Math.max(0, text.length - key.length + 1));
  while (start !== -1 && !key.startsWith(text.slice(start))) start = text.indexOf(first, start + 1);
  return start === -1 ? 0 : text.length - start;
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
export function cleanAnswer(title: string, answer: ModelAnswer, redact: Redact): ModelAnswer {
  if (countCharacters(answer.message) > MAX_ANSWER_CHARACTERS) throw tooLong(title, answer);
  return {
    ...answer,
    // A server may repeat the key that it was sent, in what the model says too.
    message: mapStrings(answer.message, redact) as ModelAnswer['message'],
    parts: mapStrings(answer.parts, redact) as ModelAnswer['parts'],
    providerRequest: mapStrings(answer.providerRequest, redact),
    providerResponse: mapStrings(answer.providerResponse, redact),
    warnings: answer.warnings.map(redact),
  };
}

/** A failure that can be stored and shown. */
export function cleanFailure(failure: ProviderFailure, redact: Redact): ProviderFailure {
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

/**
 * Makes the pieces of an answer storable one by one, without keys; together they equal the storable
 * whole.
 */
export function cleanPieces(title: string, redact: Redact) {
  let characters = 0;
  let type: ModelEvent['type'] = 'text';
  /**
   * What the next piece may go on with: the first half of a surrogate pair, or the beginning of a key,
   * at the end of a piece.
   */
  let open = '';

  function end(): readonly ModelEvent[] {
    if (open === '') return [];
    const delta = redact(open);
    open = '';
    return [{ type, delta }];
  }

  return {
    /** @throws ProviderFailure `nonsense` when the pieces exceed the length of any real answer. */
    add(event: ModelEvent): readonly ModelEvent[] {
      characters += event.delta.length;
      if (characters > MAX_ANSWER_CHARACTERS) throw tooLong(title, {});
      const before = event.type === type ? [] : end();
      type = event.type;
      const text = redact.hide(open + event.delta);
      const half = /[\ud800-\udbff]$/.test(text) ? 1 : 0;
      const closed = text.length - Math.max(half, redact.openEnd(text));
      open = text.slice(closed);
      const delta = storableText(text.slice(0, closed));
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
