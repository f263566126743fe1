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
        /** An http(s) URL, or a `data:` URL with the image in base64. */
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
    /** Opaque. The vendor requires it unchanged in the next request. */
    signature: Type.String(),
  },
  { title: 'AnthropicThinkingContent' },
);

const redactedThinkingContent = Type.Object(
  { type: Type.Literal('redacted_thinking'), data: Type.String() },
  { title: 'AnthropicRedactedThinkingContent' },
);

/** A union that is discriminated by `type`: a value is checked against the member that it names. */
const byType = { discriminator: { propertyName: 'type' } };

/** One part of a message content that is a list. */
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

/**
 * A tool call that a model made. `arguments` is JSON as text; a model may write JSON that is not
 * valid.
 */
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

/** One message of a conversation. Requests, answers and logs all use this form. */
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

/** How the model may use tools: a word, or the one function that it must call. */
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

/** The description of a tool for a model. `parameters` is the JSON Schema of its arguments. */
export const toolFunction = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    description: Type.String(),
    strict: optional(Type.Boolean()),
    parameters: optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'ToolFunction' },
);

/** What a tool of the client answers. */
export const resultSchema = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'The JSON Schema of the result that your client gives. Forms for an answer are made of it; models do not see it.',
});

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
