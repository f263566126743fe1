import { type Static, Type } from 'typebox';
import { resultSchema, toolFunction } from '../chat.ts';
import { outputOrError, requiresPathOrId } from '../checked-by-code.ts';
import { logProperties, outcomeProperties, statusProperties } from '../log.ts';
import { oneOf, optional } from '../nullable.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/** The fields that define a version of a tool. */
export const toolSpec = Type.Object(
  {
    function: optional(toolFunction),
    result_schema: optional(resultSchema),
    source_code: optional(Type.String()),
    setup_values: optional(anyObject),
    attributes: optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Any data that distinguishes this version from others.',
      }),
    ),
    tool_type: optional(
      oneOf(
        ['pinecone_search', 'google', 'mock', 'snippet', 'json_schema', 'get_api_call', 'python'],
        { description: 'Default: `python` with source code, `json_schema` without.' },
      ),
    ),
  },
  { title: 'ToolKernelRequest' },
);

/** A run of a tool that happened elsewhere, to record as a log. */
export const toolLogRequest = Type.Object(
  {
    ...logProperties,
    tool: optional(toolSpec),
    run_id: optional(Type.String()),
    ...statusProperties,
    ...outcomeProperties,
  },
  requiresPathOrId,
);

const { inputs, source, metadata, start_time, end_time } = logProperties;

/**
 * What can be changed in a log. `null` clears `output` and `error`; in other fields it changes
 * nothing.
 */
export const toolLogUpdate = Type.Object(
  {
    ...statusProperties,
    ...outcomeProperties,
    inputs,
    source,
    metadata,
    start_time,
    end_time,
  },
  outputOrError,
);

export type ToolSpec = Static<typeof toolSpec>;
