import { type Static, Type } from 'typebox';
import type { ChatContentPart, ChatMessage } from '../contract/chat.ts';
import { optional } from '../contract/nullable.ts';
import { chatRole } from './chat-role.ts';

/** A part of a message, by OpenTelemetry's conventions for models (1.37 and later). */
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
 * A message in our form. Each result of a tool in it becomes a message of its own, before what else
 * the message says. What we have no form for is left out: sound, files, thoughts without a signature.
 */
export function chatMessagesOf({
  role,
  parts,
}: Static<typeof partedMessages>[number]): readonly ChatMessage[] {
  const all = parts ?? [];
  const results = all.filter(({ type }) => type === 'tool_call_response').map(resultOf);
  const content = contentOf(all.flatMap(contentPartOf));
  const calls = all.filter(({ type }) => type === 'tool_call').map(callOf);
  if (results.length > 0 && content === null && calls.length === 0) return results;
  const message = { role: chatRole(role), content };
  return [...results, calls.length > 0 ? { ...message, tool_calls: calls } : message];
}

function resultOf({ id, response }: MessagePart): ChatMessage {
  return { role: 'tool', content: asText(response ?? ''), tool_call_id: id ?? null };
}

function callOf({ id, name, arguments: args }: MessagePart, index: number) {
  return {
    id: id || `call_${index}`,
    type: 'function' as const,
    function: { name: name || 'unknown', arguments: asText(args ?? {}) },
  };
}

function contentPartOf({
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

/** A single text stands for itself; null when there is nothing. */
export function contentOf(parts: ChatContentPart[]): string | ChatContentPart[] | null {
  const [first] = parts;
  if (!first) return null;
  return parts.length === 1 && first.type === 'text' ? first.text : parts;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
