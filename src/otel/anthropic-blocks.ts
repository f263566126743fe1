import { type Static, Type } from 'typebox';
import { optional } from '../contract/nullable.ts';
import type { MessagePart } from './message-parts.ts';
import { parsedJson } from './parsed-json.ts';
import { errorsIn } from './schema-errors.ts';

const textBlock = Type.Object({ type: Type.Literal('text'), text: Type.String() });

/** A block of a message as Anthropic's API has it; of it, what has a place in our messages. */
const block = Type.Union([
  textBlock,
  Type.Object({
    type: Type.Literal('image'),
    source: Type.Object({
      media_type: optional(Type.String()),
      data: optional(Type.String()),
      url: optional(Type.String()),
    }),
  }),
  Type.Object({
    type: Type.Literal('tool_use'),
    id: Type.String(),
    name: Type.String(),
    input: Type.Unknown(),
  }),
  Type.Object({
    type: Type.Literal('tool_result'),
    tool_use_id: Type.String(),
    content: optional(Type.Unknown()),
  }),
  Type.Object({ type: Type.Union([Type.Literal('thinking'), Type.Literal('redacted_thinking')]) }),
]);

const blocks = Type.Array(block, { minItems: 1 });

/** The parts of a message that is the JSON of Anthropic's blocks; undefined for any other text. */
export function partsOfBlocks(text: string): readonly MessagePart[] | undefined {
  return parsedJson(text, blocks)?.map(partOf);
}

function partOf(given: Static<typeof block>): MessagePart {
  switch (given.type) {
    case 'text':
      return { type: 'text', content: given.text };
    case 'image':
      return imageOf(given.source);
    case 'tool_use':
      return { type: 'tool_call', id: given.id, name: given.name, arguments: given.input };
    case 'tool_result':
      return {
        type: 'tool_call_response',
        id: given.tool_use_id,
        response: resultOf(given.content),
      };
    case 'thinking':
    case 'redacted_thinking':
      return { type: 'reasoning' };
  }
}

type Block<Name> = Extract<Static<typeof block>, { type: Name }>;

function imageOf({ media_type = null, data = null, url }: Block<'image'>['source']): MessagePart {
  const image = { modality: 'image', mime_type: media_type };
  return url ? { ...image, type: 'uri', uri: url } : { ...image, type: 'blob', content: data };
}

/** A result is a text, or blocks: texts are put together. */
function resultOf(content: unknown): unknown {
  const isText = Array.isArray(content) && errorsIn(texts, content).length === 0;
  return isText ? (content as Static<typeof texts>).map(({ text }) => text).join('') : content;
}

const texts = Type.Array(textBlock);
