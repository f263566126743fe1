import { Type } from 'typebox';
import type { ResponseFormat } from '../contract/chat.ts';
import type { Tree } from './attribute-tree.ts';
import { parsedJson } from './parsed-json.ts';
import { textAt } from './text-value.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/**
 * The form that an answer had to have. The attribute is a JSON Schema; of OpenAI's formats that have
 * none it is the format itself: `{"type": "json_object"}`, `{"type": "text"}`.
 */
export function responseFormatOf(attributes: Tree): ResponseFormat | undefined {
  const text = textAt(attributes, 'gen_ai.request.structured_output_schema');
  const schema = text === null ? undefined : parsedJson(text, anyObject);
  if (schema === undefined || schema['type'] === 'text') return undefined;
  if (schema['type'] === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: schema };
}
