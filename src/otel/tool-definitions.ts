import { type Static, Type } from 'typebox';
import type { ToolFunction } from '../contract/chat.ts';
import { optional } from '../contract/nullable.ts';
import type { Tree } from './attribute-tree.ts';
import { parsedJson } from './parsed-json.ts';
import { textAt, toItems, valueAt } from './text-value.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

const described = {
  name: Type.String(),
  description: optional(Type.String()),
  strict: optional(Type.Boolean()),
  parameters: optional(anyObject),
  /** Anthropic's name for `parameters`. */
  input_schema: optional(anyObject),
};

/** The tools as they were sent to the vendor; OpenAI nests each in `function`. */
const definitions = Type.Array(
  Type.Union([Type.Object({ function: Type.Object(described) }), Type.Object(described)]),
);

/** The tools of the model call. */
export function readTools(attributes: Tree): readonly ToolFunction[] {
  const text = textAt(attributes, 'gen_ai.tool.definitions');
  const given = text === null ? flattened(attributes) : (parsedJson(text, definitions) ?? []);
  return given.map((tool) => toTool('function' in tool ? tool.function : tool));
}

function flattened(attributes: Tree): readonly Described[] {
  return toItems(valueAt(attributes, 'llm.request.functions')).map((tool) => ({
    name: textAt(tool, 'name') ?? '',
    description: textAt(tool, 'description'),
    parameters: parsedJson(textAt(tool, 'parameters', 'input_schema') ?? '', anyObject) ?? null,
  }));
}

type Described = Extract<Static<typeof definitions>[number], { name: string }>;

function toTool({ name, description, strict, parameters, input_schema: schema }: Described) {
  return {
    name,
    description: description ?? '',
    strict: strict ?? null,
    parameters: parameters ?? schema ?? null,
  };
}
