import { Type } from 'typebox';
import { type ChatMessage, chatContentPart } from '../contract/chat.ts';
import { partsFromBlocks } from './anthropic-blocks.ts';
import type { Tree } from './attribute-tree.ts';
import { chatRole } from './chat-role.ts';
import { messageParts, partedMessages, toChatMessages, toContent } from './message-parts.ts';
import { parsedJson } from './parsed-json.ts';
import { textAt, toItems, valueAt } from './text-value.ts';

/** The messages that a model call sent. */
export function readMessages(attributes: Tree): readonly ChatMessage[] {
  const text = textAt(attributes, 'gen_ai.input.messages');
  if (text === null) {
    const prompts = toItems(valueAt(attributes, 'gen_ai.prompt'));
    return prompts.flatMap((prompt) => toMessages(prompt, 'user'));
  }
  const parted = parsedJson(text, partedMessages);
  const messages = parted
    ? parted.flatMap(toChatMessages)
    : [{ role: 'user' as const, content: text }];
  return [...readInstructions(attributes), ...messages];
}

/** The system prompt of vendors that take it separately from the messages. */
function readInstructions(attributes: Tree): readonly ChatMessage[] {
  const text = textAt(attributes, 'gen_ai.system_instructions');
  if (text === null) return [];
  const parts = parsedJson(text, messageParts);
  return parts ? toChatMessages({ role: 'system', parts }) : [{ role: 'system', content: text }];
}

/** The first answer of a model, and its finish reason. */
export function readAnswer(attributes: Tree): {
  readonly message: ChatMessage | null;
  readonly finishReason: string | null;
} {
  const reasons = textAt(attributes, 'gen_ai.response.finish_reasons');
  // The list may have been turned into text: `stop`, `('stop',)`, `["stop"]`.
  const reason = /[\w-]+/.exec(reasons ?? '')?.[0] ?? null;
  const text = textAt(attributes, 'gen_ai.output.messages');
  if (text !== null) {
    const [parted] = parsedJson(text, partedMessages) ?? [];
    const said = parted ?? { parts: [{ type: 'text', content: text }] };
    const [message] = toChatMessages({ ...said, role: said.role ?? 'assistant' });
    return { message: message ?? null, finishReason: said.finish_reason || reason };
  }
  const [completion] = toItems(valueAt(attributes, 'gen_ai.completion'));
  const [message] = completion === undefined ? [] : toMessages(completion, 'assistant');
  return {
    message: message ?? null,
    finishReason: textAt(completion, 'finish_reason') ?? reason,
  };
}

/**
 * The messages in attributes of the form `prompt.0.role`. Content of several parts is JSON. A
 * message of Anthropic's may become several of ours, because it contains the results of tools.
 */
function toMessages(tree: Tree, unknownRole: ChatMessage['role']): readonly ChatMessage[] {
  const role = chatRole(textAt(tree, 'role'), unknownRole);
  // Cohere's single prompt is under the name of the role.
  const text = textAt(tree, 'content', 'user');
  const list = text?.startsWith('[') ? text : '';
  const parts = parsedJson(list, contentParts);
  const blocks = parts ? undefined : partsFromBlocks(list);
  if (blocks) return toChatMessages({ role, parts: [...blocks] });
  const calls = readCalls(tree);
  const toolCallId = textAt(tree, 'tool_call_id');
  return [
    {
      role,
      content: parts ? toContent(parts) : text,
      ...(toolCallId === null ? {} : { tool_call_id: toolCallId }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ];
}

const contentParts = Type.Array(chatContentPart, { minItems: 1 });

function readCalls(message: Tree) {
  return toItems(valueAt(message, 'tool_calls')).map((call, index) => ({
    id: textAt(call, 'id') || `call_${index}`,
    type: 'function' as const,
    function: {
      name: textAt(call, 'name') || 'unknown',
      arguments: textAt(call, 'arguments') ?? '{}',
    },
  }));
}
