import { type Static, Type } from 'typebox';
import { optional } from '../contract/nullable.ts';
import type { MessagePart } from './message-parts.ts';
import { parsedJson } from './parsed-json.ts';
import { errorsIn } from './schema-errors.ts';

const textBlock = Type.Object({ type: Type.Literal('text'), text: Type.String() });

/** A content block of Anthropic's API, as far as our messages can hold it. */
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

/**
 * The parts of a message whose text is a JSON list of Anthropic's blocks; undefined for any other
 * text.
 */
export function partsFromBlocks(text: string): readonly MessagePart[] | undefined {
  return parsedJson(text, blocks)?.map(toPart);
}

function toPart(given: Static<typeof block>): MessagePart {
  switch (given.type) {
    case 'text':
      return { type: 'text', content: given.text };
    case 'image':
      return toImage(given.source);
    case 'tool_use':
      return { type: 'tool_call', id: given.id, name: given.name, arguments: given.input };
    case 'tool_result':
      return {
        type: 'tool_call_response',
        id: given.tool_use_id,
        response: joinResult(given.content),
      };
    case 'thinking':
    case 'redacted_thinking':
      return { type: 'reasoning' };
  }
}

type Block<Name> = Extract<Static<typeof block>, { type: Name }>;

function toImage({ media_type = null, data = null, url }: Block<'image'>['source']): MessagePart {
  const image = { modality: 'image', mime_type: media_type };
  return url ? { ...image, type: 'uri', uri: url } : { ...image, type: 'blob', content: data };
}

/** The result of a tool: a text, or blocks whose texts are joined. */
function joinResult(content: unknown): unknown {
  const isText = Array.isArray(content) && errorsIn(texts, content).length === 0;
  return isText ? (content as Static<typeof texts>).map(({ text }) => text).join('') : content;
}

const texts = Type.Array(textBlock);
