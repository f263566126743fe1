import { Type } from 'typebox';
import type { ResponseFormat } from '../contract/chat.ts';
import type { Tree } from './attribute-tree.ts';
import { parsedJson } from './parsed-json.ts';
import { textAt } from './text-value.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/**
 * The response format of the call. The attribute is a JSON Schema, or one of OpenAI's formats
 * without a schema: `{"type": "json_object"}`, `{"type": "text"}`.
 */
export function readResponseFormat(attributes: Tree): ResponseFormat | undefined {
  const text = textAt(attributes, 'gen_ai.request.structured_output_schema');
  const schema = text === null ? undefined : parsedJson(text, anyObject);
  if (schema === undefined || schema['type'] === 'text') return undefined;
  if (schema['type'] === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: schema };
}
