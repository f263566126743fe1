import type { LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ChatMessage, ThinkingPart, ToolCall } from '../contract/chat.ts';
import { isRecord } from '../kernel/json-object.ts';
import type { Dialect } from './dialect.ts';
import type { ModelEvent } from './provider.ts';
import type { Said } from './said.ts';
import { Nonsense } from './vendor-failure.ts';

/** A part of an answer, in the form that is stored and sent back. */
export type AnswerPart = Exclude<
  LanguageModelV4Content,
  { type: 'source' | 'tool-approval-request' }
>;
type WritableText = { -readonly [Key in keyof TextPart]: TextPart[Key] };
type TextPart = Extract<AnswerPart, { type: 'text' | 'reasoning' }>;

/** Assembles the pieces of a stream into the parts of an answer. */
export interface PartCollector {
  /** Takes the next piece; returns the event for it, if there is one. */
  add(piece: LanguageModelV4StreamPart): ModelEvent | undefined;
  readonly parts: readonly AnswerPart[];
}

export function partCollector(): PartCollector {
  const parts: AnswerPart[] = [];
  const open = new Map<string, WritableText>();

  function textPart(type: 'text' | 'reasoning', id: string): WritableText {
    const key = `${type} ${id}`;
    let part = open.get(key);
    if (part === undefined) {
      part = { type, text: '' };
      open.set(key, part);
      parts.push(part);
    }
    return part;
  }

  return {
    parts,
    add(piece) {
      switch (piece.type) {
        case 'text-start':
        case 'reasoning-start': {
          const type = piece.type === 'text-start' ? 'text' : 'reasoning';
          open.delete(`${type} ${piece.id}`);
          addMetadata(textPart(type, piece.id), piece.providerMetadata);
          return undefined;
        }
        case 'text-delta':
        case 'reasoning-delta': {
          const type = piece.type === 'text-delta' ? 'text' : 'reasoning';
          const part = textPart(type, piece.id);
          part.text += piece.delta;
          addMetadata(part, piece.providerMetadata);
          return piece.delta === '' ? undefined : { type, delta: piece.delta };
        }
        case 'text-end':
        case 'reasoning-end': {
          const type = piece.type === 'text-end' ? 'text' : 'reasoning';
          addMetadata(textPart(type, piece.id), piece.providerMetadata);
          open.delete(`${type} ${piece.id}`);
          return undefined;
        }
        case 'tool-call':
        case 'tool-result':
        case 'file':
        case 'reasoning-file':
        case 'custom':
          parts.push(piece);
          return undefined;
        default:
          // Tool-call pieces arrive again as a whole call, and other kinds are no part of an
          // answer. Packages add new kinds of pieces, and a new kind must not fail a call.
          return undefined;
      }
    },
  };
}

/** The parts of an answer that arrived whole. */
export function answerParts(content: readonly LanguageModelV4Content[]): readonly AnswerPart[] {
  return content.filter(
    (part): part is AnswerPart => part.type !== 'source' && part.type !== 'tool-approval-request',
  );
}

/** What the parts of an answer say, to be compared with what the vendor sent. */
export function saidInParts(parts: readonly AnswerPart[]): Said {
  const textOf = (type: 'text' | 'reasoning') =>
    parts.map((part) => (part.type === type ? part.text : '')).join('');
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call' && part.providerExecuted !== true
      ? [{ id: part.toolCallId, name: part.toolName, arguments: part.input }]
      : [],
  );
  return { text: textOf('text'), reasoning: textOf('reasoning'), calls };
}

/** Adds metadata that arrives after the text of a part, such as its signature. */
function addMetadata(part: WritableText, metadata: TextPart['providerMetadata']) {
  if (metadata === undefined) return;
  const before = part.providerMetadata ?? {};
  part.providerMetadata = { ...before };
  for (const [key, own] of Object.entries(metadata)) {
    part.providerMetadata[key] = { ...before[key], ...own };
  }
}

/**
 * The message that the parts make up. The parts are included only when they contain more than the
 * message.
 */
export function messageFromParts(
  answer: readonly AnswerPart[],
  dialect: Pick<Dialect, 'key' | 'hasUnsignedThinking' | 'hasServerTools'>,
): {
  readonly message: ChatMessage & { readonly role: 'assistant' };
  readonly parts?: readonly unknown[];
} {
  const parts = uniqueCalls(answer.filter((part) => !isNotice(part)))
    .map(storablePart)
    // Marked as the vendor's own, so that it is sent back even without a signature.
    .map((part) =>
      isWanted(part, dialect) && part.providerMetadata === undefined
        ? { ...part, providerMetadata: { [dialect.key]: { isUnsigned: true } } }
        : part,
    );
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const toolCalls = parts.flatMap(toToolCalls);
  const thinking = parts.flatMap((part) => toThinking(part, dialect.key));
  const isOpaque = parts.some(({ providerMetadata }) => Object.keys(providerMetadata ?? {}).length);
  return {
    message: {
      role: 'assistant',
      content: text === '' && toolCalls.length > 0 ? null : text,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
      ...(thinking.length > 0 ? { thinking } : {}),
    },
    ...(isOpaque ? { parts } : {}),
  };
}

function isWanted(
  part: AnswerPart,
  { hasUnsignedThinking, hasServerTools }: Pick<Dialect, 'hasUnsignedThinking' | 'hasServerTools'>,
): boolean {
  if (part.type === 'reasoning') return hasUnsignedThinking;
  return hasServerTools && part.type === 'tool-call' && part.providerExecuted === true;
}

/** Anthropic's package reports the start of a streamed message as if it were content. */
function isNotice(part: AnswerPart): boolean {
  return part.type === 'custom' && part.kind.endsWith('.message_start');
}

/**
 * Makes call ids unique. Some vendors number the calls of each answer from the start, but results
 * are matched by id alone.
 */
function uniqueCalls(parts: readonly AnswerPart[]): readonly AnswerPart[] {
  const seen = new Set<string>();
  return parts.map((part) => {
    if (part.type !== 'tool-call') return part;
    let { toolCallId } = part;
    for (let n = 2; toolCallId === '' || seen.has(toolCallId); n++) {
      toolCallId = `${part.toolCallId || 'call'}_${n}`;
    }
    seen.add(toolCallId);
    return { ...part, toolCallId };
  });
}

function toToolCalls(part: AnswerPart): readonly ToolCall[] {
  // Calls that the vendor ran itself need no result from us; they are sent back in the parts.
  if (part.type !== 'tool-call' || part.providerExecuted === true) return [];
  if (part.toolName === '') throw new Nonsense('called a tool without a name.');
  return [
    {
      id: part.toolCallId,
      type: 'function',
      function: { name: part.toolName, arguments: part.input.trim() === '' ? '{}' : part.input },
    },
  ];
}

function toThinking(part: AnswerPart, key: string): readonly ThinkingPart[] {
  const own = part.providerMetadata?.[key];
  if (part.type !== 'reasoning' || !isRecord(own)) return [];
  const { signature, redactedData } = own;
  if (typeof redactedData === 'string') return [{ type: 'redacted_thinking', data: redactedData }];
  if (typeof signature !== 'string' || signature === '') return [];
  return [{ type: 'thinking', thinking: part.text, signature }];
}

/** A part in a form that JSON can hold. */
function storablePart(part: AnswerPart): AnswerPart {
  if ((part.type !== 'file' && part.type !== 'reasoning-file') || part.data.type !== 'data') {
    return part;
  }
  const { data } = part.data;
  if (typeof data === 'string') return part;
  return { ...part, data: { type: 'data', data: Buffer.from(data).toString('base64') } };
}
