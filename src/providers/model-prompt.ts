import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { ChatContentPart, ChatMessage, ThinkingPart } from '../contract/chat.ts';
import { parseExactJson } from '../kernel/exact-json.ts';
import { isRecord } from '../kernel/json-object.ts';
import type { Dialect } from './dialect.ts';
import { imagePart } from './image-part.ts';
import type { PromptMessage } from './provider.ts';
import { isWantedBack } from './wanted-back.ts';

type Of<Role extends LanguageModelV4Message['role']> = LanguageModelV4Message & { role: Role };
type AssistantPart = Of<'assistant'>['content'][number];

/**
 * The conversation in the form that the AI SDK packages take. Adds a warning for each part that the
 * vendor does not support.
 */
export function modelPrompt(
  messages: readonly PromptMessage[],
  dialect: Dialect,
): { readonly prompt: LanguageModelV4Message[]; readonly warnings: readonly string[] } {
  const warnings = new Set<string>();
  const toolNames = new Map<string, string>();
  const converted: LanguageModelV4Message[] = [];
  for (const { message, parts } of messages) {
    for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function.name);
    const next = withName(convert(message, parts, { dialect, toolNames, warnings }), message.name);
    if (message.name && !dialect.hasNames && message.role !== 'tool') {
      warnings.add(`${dialect.title} does not support names in messages; they were left out.`);
    }
    if (dialect.hasEmptyMessages || !isEmpty(next)) converted.push(next);
    else warnings.add(`${dialect.title} does not accept empty messages; they were left out.`);
  }
  const prompt = dialect.hasLateSystemMessages ? converted : systemFirst(converted);
  if (prompt.some((message, index) => message !== converted[index])) {
    warnings.add(
      `${dialect.title} accepts system messages only at the start; later ones were moved there.`,
    );
  }
  return { prompt, warnings: [...warnings] };

  function withName(next: LanguageModelV4Message, name: string | null | undefined) {
    if (!name || !dialect.hasNames || next.role === 'tool') return next;
    return { ...next, providerOptions: { [dialect.key]: { name } } };
  }
}

interface Context {
  readonly dialect: Dialect;
  readonly toolNames: ReadonlyMap<string, string>;
  readonly warnings: Set<string>;
}

function convert(
  message: ChatMessage,
  parts: readonly unknown[] | undefined,
  context: Context,
): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: joinTexts(message, context) };
    case 'user':
      return { role: 'user', content: userParts(message, context) };
    case 'assistant':
      return {
        role: 'assistant',
        content: ownParts(parts, context.dialect) ?? assistantParts(message, context),
      };
    case 'tool':
      return { role: 'tool', content: [toolResult(message, context)] };
  }
}

function isEmpty(message: LanguageModelV4Message): boolean {
  return typeof message.content === 'string'
    ? message.content.trim() === ''
    : message.content.length === 0;
}

function systemFirst(messages: readonly LanguageModelV4Message[]): LanguageModelV4Message[] {
  const isSystem = (message: LanguageModelV4Message) => message.role === 'system';
  return [...messages.filter(isSystem), ...messages.filter((message) => !isSystem(message))];
}

function contentParts({ content }: ChatMessage): readonly ChatContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content ?? [];
}

/** The text of a message that can contain nothing else. */
function joinTexts(message: ChatMessage, { dialect, warnings }: Context): string {
  const texts = contentParts(message).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length < contentParts(message).length) {
    warnings.add(
      `${dialect.title} does not accept images in ${message.role} messages; they were left out.`,
    );
  }
  return texts.join('\n');
}

function userParts(message: ChatMessage, context: Context): Of<'user'>['content'] {
  const { hasEmptyMessages } = context.dialect;
  const parts = contentParts(message)
    .filter((part) => hasEmptyMessages || part.type !== 'text' || part.text.trim() !== '')
    .map((part) =>
      part.type === 'text'
        ? ({ type: 'text', text: part.text } as const)
        : imagePart(part, context),
    );
  return parts.length === 0 && hasEmptyMessages ? [{ type: 'text', text: '' }] : parts;
}

function assistantParts(message: ChatMessage, context: Context): AssistantPart[] {
  const { dialect, warnings } = context;
  const parts: AssistantPart[] = [];
  if (dialect.hasThinking) {
    parts.push(...(message.thinking ?? []).map((part) => reasoning(part, dialect)));
  } else if (message.thinking?.length) {
    warnings.add(`${dialect.title} does not accept earlier thinking; it was left out.`);
  }
  const text = joinTexts(message, context);
  if (dialect.hasEmptyMessages || text.trim() !== '') parts.push({ type: 'text', text });
  for (const { id, function: call } of message.tool_calls ?? []) {
    parts.push({
      type: 'tool-call',
      toolCallId: id,
      toolName: call.name,
      input: parseArguments(call.arguments ?? '{}'),
    });
  }
  return parts;
}

function reasoning(part: ThinkingPart, { key }: Dialect): AssistantPart {
  return part.type === 'thinking'
    ? {
        type: 'reasoning',
        text: part.thinking,
        providerOptions: { [key]: { signature: part.signature } },
      }
    : { type: 'reasoning', text: '', providerOptions: { [key]: { redactedData: part.data } } };
}

/**
 * The arguments of a call as an object; when they are not valid JSON, the text that the model
 * wrote.
 */
function parseArguments(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value = parseExactJson(text);
    return isRecord(value) ? value : text;
  } catch {
    return text;
  }
}

function toolResult(message: ChatMessage, context: Context): Of<'tool'>['content'][number] {
  const toolCallId = message.tool_call_id ?? '';
  const parts = contentParts(message);
  const hasImages = parts.some((part) => part.type === 'image_url');
  return {
    type: 'tool-result',
    toolCallId,
    toolName: context.toolNames.get(toolCallId) ?? message.name ?? toolCallId,
    output:
      hasImages && context.dialect.hasImagesInToolResults
        ? {
            type: 'content',
            value: parts.map((part) => (part.type === 'text' ? part : imagePart(part, context))),
          }
        : { type: 'text', value: joinTexts(message, context) },
  };
}

/**
 * The parts that this vendor's adapter left in an earlier answer. Undefined when another vendor
 * wrote the answer: a conversation may change vendors, and parts are of no use to another one.
 */
function ownParts(
  parts: readonly unknown[] | undefined,
  { key }: Dialect,
): AssistantPart[] | undefined {
  const kept = (parts ?? []).filter(isRecord).filter((part) => !isWantedBack(part));
  const isOwn = kept.some(({ providerMetadata: own }) => isRecord(own) && key in own);
  return isOwn ? kept.map(promptPart) : undefined;
}

/** A part of an answer as a part of the next prompt: the same content under other names. */
function promptPart(part: Readonly<Record<string, unknown>>): AssistantPart {
  const { providerMetadata, ...rest } = part;
  const own = providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
  if (part['type'] === 'tool-call') {
    return { ...rest, ...own, input: parseArguments(String(part['input'])) } as AssistantPart;
  }
  if (part['type'] === 'tool-result') {
    const { result, isError, ...call } = rest;
    const output = { type: isError === true ? 'error-json' : 'json', value: result };
    return { ...call, ...own, output } as AssistantPart;
  }
  return { ...rest, ...own } as AssistantPart;
}
