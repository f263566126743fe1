import { type Static, Type } from 'typebox';
import type { ChatContentPart, ChatMessage } from '../contract/chat.ts';
import { optional } from '../contract/nullable.ts';
import { chatRole } from './chat-role.ts';

/** A message part by OpenTelemetry's conventions for models (1.37 and later). */
const part = Type.Object({
  type: Type.String(),
  content: optional(Type.Unknown()),
  id: optional(Type.String()),
  name: optional(Type.String()),
  arguments: Type.Optional(Type.Unknown()),
  response: Type.Optional(Type.Unknown()),
  modality: optional(Type.String()),
  mime_type: optional(Type.String()),
  uri: optional(Type.String()),
});

export const messageParts = Type.Array(part);

export const partedMessages = Type.Array(
  Type.Object({
    role: optional(Type.String()),
    finish_reason: optional(Type.String()),
    parts: optional(messageParts),
  }),
);

export type MessagePart = Static<typeof part>;

/**
 * Converts a message to our form. Each tool result in it becomes a message of its own, before the
 * rest. Parts that we have no form for are left out: audio, files, unsigned thoughts.
 */
export function toChatMessages({
  role,
  parts,
}: Static<typeof partedMessages>[number]): readonly ChatMessage[] {
  const all = parts ?? [];
  const results = all.filter(({ type }) => type === 'tool_call_response').map(toToolMessage);
  const content = toContent(all.flatMap(toContentPart));
  const calls = all.filter(({ type }) => type === 'tool_call').map(toToolCall);
  if (results.length > 0 && content === null && calls.length === 0) return results;
  const message = { role: chatRole(role), content };
  return [...results, calls.length > 0 ? { ...message, tool_calls: calls } : message];
}

function toToolMessage({ id, response }: MessagePart): ChatMessage {
  return { role: 'tool', content: asText(response ?? ''), tool_call_id: id ?? null };
}

function toToolCall({ id, name, arguments: args }: MessagePart, index: number) {
  return {
    id: id || `call_${index}`,
    type: 'function' as const,
    function: { name: name || 'unknown', arguments: asText(args ?? {}) },
  };
}

function toContentPart({
  type,
  content,
  modality,
  mime_type,
  uri,
}: MessagePart): ChatContentPart[] {
  if (type === 'text' || type === 'refusal') return [{ type: 'text', text: asText(content ?? '') }];
  if (modality !== 'image') return [];
  if (type === 'uri' && uri) return [{ type: 'image_url', image_url: { url: uri } }];
  if (type !== 'blob' || typeof content !== 'string') return [];
  return [{ type: 'image_url', image_url: { url: `data:${mime_type};base64,${content}` } }];
}

/** A single text stands alone, without a list; null when there are no parts. */
export function toContent(parts: ChatContentPart[]): string | ChatContentPart[] | null {
  const [first] = parts;
  if (!first) return null;
  return parts.length === 1 && first.type === 'text' ? first.text : parts;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
