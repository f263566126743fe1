import { Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import { oneOf, optional } from '../nullable.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/** What defines a version of a tool. */
export const toolSpec = Type.Object({
  function: optional(toolFunction),
  source_code: optional(Type.String()),
  setup_values: optional(anyObject),
  attributes: optional(anyObject),
});

/** What defines a version of a flow. */
export const flowSpec = Type.Object({ attributes: anyObject });

/** What defines a version of an evaluator. */
export const evaluatorSpec = Type.Object({
  spec: Type.Object({ evaluator_type: oneOf(['python', 'llm', 'human', 'external']) }),
});

/** What defines a version of a dataset: its datapoints, by their ids. */
export const datasetSpec = Type.Object({ datapoint_ids: Type.Array(Type.String()) });
