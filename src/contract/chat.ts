import { type Static, Type } from 'typebox';
import { oneOf, optional } from './nullable.ts';

const chatRoles = ['user', 'assistant', 'system', 'tool', 'developer'] as const;

const textContent = Type.Object(
  { type: Type.Literal('text'), text: Type.String() },
  { title: 'TextChatContent' },
);

const imageContent = Type.Object(
  {
    type: Type.Literal('image_url'),
    image_url: Type.Object(
      {
        /** An http(s) address, or a `data:` URL with the picture in base64. */
        url: Type.String({ minLength: 1 }),
        detail: optional(oneOf(['high', 'low', 'auto'])),
      },
      { title: 'ImageUrl' },
    ),
  },
  { title: 'ImageChatContent' },
);

const thinkingContent = Type.Object(
  {
    type: Type.Literal('thinking'),
    thinking: Type.String(),
    /** Opaque; the provider wants it back unchanged with the next request. */
    signature: Type.String(),
  },
  { title: 'AnthropicThinkingContent' },
);

const redactedThinkingContent = Type.Object(
  { type: Type.Literal('redacted_thinking'), data: Type.String() },
  { title: 'AnthropicRedactedThinkingContent' },
);

/** A union told apart by `type`: a value is checked against the member it names. */
const byType = { discriminator: { propertyName: 'type' } };

/** One part of a message whose content is a list. */
export const chatContentPart = Type.Unsafe<
  Static<typeof textContent> | Static<typeof imageContent>
>({ type: 'object', required: ['type'], ...byType, oneOf: [textContent, imageContent] });

const thinkingPart = Type.Unsafe<
  Static<typeof thinkingContent> | Static<typeof redactedThinkingContent>
>({
  type: 'object',
  required: ['type'],
  ...byType,
  oneOf: [thinkingContent, redactedThinkingContent],
});

/** A call of a tool, as the model asked for it. `arguments` is JSON text, or what the model took for it. */
export const toolCall = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    type: Type.Literal('function'),
    function: Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        arguments: optional(Type.String()),
      },
      { title: 'FunctionTool' },
    ),
  },
  { title: 'ToolCall' },
);

/** One message of a conversation, in the form of every request, answer and log. */
export const chatMessage = Type.Object(
  {
    role: oneOf(chatRoles, { title: 'ChatRole' }),
    content: optional(Type.Union([Type.String(), Type.Array(chatContentPart)])),
    name: optional(Type.String()),
    tool_call_id: optional(Type.String()),
    tool_calls: optional(Type.Array(toolCall)),
    thinking: optional(Type.Array(thinkingPart)),
  },
  { title: 'ChatMessage' },
);

/** How the model may use tools: a word, or the one function it must call. */
export const toolChoice = Type.Union([
  oneOf(['none', 'auto', 'required']),
  Type.Object(
    {
      type: Type.Literal('function'),
      function: Type.Object({ name: Type.String({ minLength: 1 }) }),
    },
    { title: 'ToolChoice' },
  ),
]);

/** What the model is told of a tool. `parameters` is a JSON Schema of the arguments. */
export const toolFunction = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    description: Type.String(),
    strict: optional(Type.Boolean()),
    parameters: optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'ToolFunction' },
);

export const responseFormat = Type.Object(
  {
    type: oneOf(['json_object', 'json_schema']),
    json_schema: optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'ResponseFormat' },
);

export type ChatContentPart = Static<typeof chatContentPart>;
export type ThinkingPart = Static<typeof thinkingPart>;
export type ToolCall = Static<typeof toolCall>;
export type ChatMessage = Static<typeof chatMessage>;
export type ToolChoice = Static<typeof toolChoice>;
export type ToolFunction = Static<typeof toolFunction>;
export type ResponseFormat = Static<typeof responseFormat>;
