import { Type } from 'typebox';
import { type ChatMessage, chatContentPart } from '../contract/chat.ts';
import { partsOfBlocks } from './anthropic-blocks.ts';
import type { Tree } from './attribute-tree.ts';
import { chatRole } from './chat-role.ts';
import { chatMessagesOf, contentOf, messageParts, partedMessages } from './message-parts.ts';
import { parsedJson } from './parsed-json.ts';
import { itemsOf, textAt, valueAt } from './text-value.ts';

/** What a model was told. */
export function messagesOf(attributes: Tree): readonly ChatMessage[] {
  const text = textAt(attributes, 'gen_ai.input.messages');
  if (text === null) {
    const prompts = itemsOf(valueAt(attributes, 'gen_ai.prompt'));
    return prompts.flatMap((prompt) => spoken(prompt, 'user'));
  }
  const parted = parsedJson(text, partedMessages);
  const messages = parted
    ? parted.flatMap(chatMessagesOf)
    : [{ role: 'user' as const, content: text }];
  return [...instructionsOf(attributes), ...messages];
}

/** Some vendors are told what the assistant is apart from what is said. */
function instructionsOf(attributes: Tree): readonly ChatMessage[] {
  const text = textAt(attributes, 'gen_ai.system_instructions');
  if (text === null) return [];
  const parts = parsedJson(text, messageParts);
  return parts ? chatMessagesOf({ role: 'system', parts }) : [{ role: 'system', content: text }];
}

/** The first answer of a model, and why it ended. */
export function answerOf(attributes: Tree): {
  readonly message: ChatMessage | null;
  readonly finishReason: string | null;
} {
  const reasons = textAt(attributes, 'gen_ai.response.finish_reasons');
  // A list that became a text: `stop`, `('stop',)`, `["stop"]`.
  const reason = /[\w-]+/.exec(reasons ?? '')?.[0] ?? null;
  const text = textAt(attributes, 'gen_ai.output.messages');
  if (text !== null) {
    const [parted] = parsedJson(text, partedMessages) ?? [];
    const said = parted ?? { parts: [{ type: 'text', content: text }] };
    const [message] = chatMessagesOf({ ...said, role: said.role ?? 'assistant' });
    return { message: message ?? null, finishReason: said.finish_reason || reason };
  }
  const [completion] = itemsOf(valueAt(attributes, 'gen_ai.completion'));
  const [message] = completion === undefined ? [] : spoken(completion, 'assistant');
  return {
    message: message ?? null,
    finishReason: textAt(completion, 'finish_reason') ?? reason,
  };
}

/**
 * A message whose fields are attributes of their own. A content of several parts is the JSON of them,
 * and one of Anthropic's may be several messages of ours: its results of tools stand in it.
 */
function spoken(tree: Tree, unknownRole: ChatMessage['role']): readonly ChatMessage[] {
  const role = chatRole(textAt(tree, 'role'), unknownRole);
  // Cohere's single prompt stands under the name of who speaks.
  const text = textAt(tree, 'content', 'user');
  const list = text?.startsWith('[') ? text : '';
  const parts = parsedJson(list, contentParts);
  const blocks = parts ? undefined : partsOfBlocks(list);
  if (blocks) return chatMessagesOf({ role, parts: [...blocks] });
  const calls = callsOf(tree);
  const toolCallId = textAt(tree, 'tool_call_id');
  return [
    {
      role,
      content: parts ? contentOf(parts) : text,
      ...(toolCallId === null ? {} : { tool_call_id: toolCallId }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ];
}

const contentParts = Type.Array(chatContentPart, { minItems: 1 });

function callsOf(message: Tree) {
  return itemsOf(valueAt(message, 'tool_calls')).map((call, index) => ({
    id: textAt(call, 'id') || `call_${index}`,
    type: 'function' as const,
    function: {
      name: textAt(call, 'name') || 'unknown',
      arguments: textAt(call, 'arguments') ?? '{}',
    },
  }));
}
