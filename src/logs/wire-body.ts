import { isDeepStrictEqual } from 'node:util';
import type { TurnRecord } from './log-record.ts';

/** The fields that contain the conversation in the requests of vendors. */
const conversationKeys = ['messages', 'contents'] as const;

/** A request body without the messages that it shares with the one before. */
export interface TrimmedRequest {
  readonly request: unknown;
  /** How many messages were left out at the beginning. */
  readonly shared: number;
}

/**
 * Removes the messages that a request shares with the request before it. A stored turn then takes
 * only the space of what it adds.
 */
export function trimRequest(request: unknown, before: unknown): TrimmedRequest {
  const key = findConversationKey(request);
  if (key === undefined) return { request, shared: 0 };
  const messages = conversation(request, key);
  const earlier = conversation(before, key);
  let shared = 0;
  while (
    shared < Math.min(messages.length, earlier.length) &&
    isDeepStrictEqual(messages[shared], earlier[shared])
  ) {
    shared += 1;
  }
  // Keep a request that adds no message whole: from an empty list, `lastRequest` could not tell
  // that the request had messages.
  if (shared === 0 || shared === messages.length) return { request, shared: 0 };
  return { request: { ...(request as object), [key]: messages.slice(shared) }, shared };
}

/** The whole request of the last turn; null when there is none. */
export function lastRequest(turns: readonly TurnRecord[]): unknown {
  const messages: unknown[] = [];
  for (const { provider_request: request, shared_messages: shared } of turns) {
    const key = findConversationKey(request);
    messages.length = shared;
    if (key !== undefined) messages.push(...conversation(request, key));
  }
  const last = turns.at(-1)?.provider_request ?? null;
  const key = findConversationKey(last);
  return key === undefined ? last : { ...(last as object), [key]: messages };
}

function findConversationKey(request: unknown): (typeof conversationKeys)[number] | undefined {
  return conversationKeys.find((key) => conversation(request, key).length > 0);
}

function conversation(body: unknown, key: string): readonly unknown[] {
  const value = (body as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return Array.isArray(value) ? value : [];
}
