import { type Static, Type } from 'typebox';
import type { ToolFunction } from '../contract/chat.ts';
import { optional } from '../contract/nullable.ts';
import type { Tree } from './attribute-tree.ts';
import { parsedJson } from './parsed-json.ts';
import { itemsOf, textAt, valueAt } from './text-value.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

const described = {
  name: Type.String(),
  description: optional(Type.String()),
  strict: optional(Type.Boolean()),
  parameters: optional(anyObject),
  /** Anthropic's word for parameters. */
  input_schema: optional(anyObject),
};

/** A tool as its vendor is told of it: OpenAI has the function inside. */
const definitions = Type.Array(
  Type.Union([Type.Object({ function: Type.Object(described) }), Type.Object(described)]),
);

/** The tools that a model was called with. */
export function toolsOf(attributes: Tree): readonly ToolFunction[] {
  const text = textAt(attributes, 'gen_ai.tool.definitions');
  const given = text === null ? flattened(attributes) : (parsedJson(text, definitions) ?? []);
  return given.map((tool) => toolOf('function' in tool ? tool.function : tool));
}

function flattened(attributes: Tree): readonly Described[] {
  return itemsOf(valueAt(attributes, 'llm.request.functions')).map((tool) => ({
    name: textAt(tool, 'name') ?? '',
    description: textAt(tool, 'description'),
    parameters: parsedJson(textAt(tool, 'parameters', 'input_schema') ?? '', anyObject) ?? null,
  }));
}

type Described = Extract<Static<typeof definitions>[number], { name: string }>;

function toolOf({ name, description, strict, parameters, input_schema: schema }: Described) {
  return {
    name,
    description: description ?? '',
    strict: strict ?? null,
    parameters: parameters ?? schema ?? null,
  };
}
