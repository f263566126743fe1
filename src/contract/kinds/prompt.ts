import { type Static, Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import { outputOrError, requiresPathOrId } from '../checked-by-code.ts';
import {
  conversationProperties,
  logProperties,
  modelLogProperties,
  outcomeProperties,
  statusProperties,
} from '../log.ts';
import { optional } from '../nullable.ts';
import { modelSpecProperties } from './model.ts';

/** The fields that define a version of a prompt. */
export const promptSpec = Type.Object(
  {
    ...modelSpecProperties,
    tools: optional(Type.Array(toolFunction, { maxItems: 256 })),
    linked_tools: optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 256,
        description:
          'Ids of tools. Each tool is used in the version deployed to the default environment.',
      }),
    ),
  },
  { title: 'PromptKernelRequest' },
);

/** A prompt inside a request: its fields, or the text of a `.prompt` file. */
export const inlinePrompt = Type.Union([
  promptSpec,
  Type.String({ description: 'The text of a `.prompt` file.' }),
]);

/** A call of a prompt that happened elsewhere, to record as a log. */
export const promptLogRequest = Type.Object(
  {
    ...logProperties,
    prompt: optional(inlinePrompt),
    run_id: optional(Type.String()),
    ...statusProperties,
    ...conversationProperties,
    ...modelLogProperties,
    ...outcomeProperties,
  },
  requiresPathOrId,
);

const { inputs, source, metadata, start_time, end_time } = logProperties;

/**
 * What can be changed in a log. `null` clears `output` and `error`; in other fields it changes
 * nothing.
 */
export const promptLogUpdate = Type.Object(
  {
    ...conversationProperties,
    ...modelLogProperties,
    ...outcomeProperties,
    ...statusProperties,
    inputs,
    source,
    metadata,
    start_time,
    end_time,
  },
  outputOrError,
);

/** A linked tool of a prompt, in answers. */
export const linkedTool = Type.Object(
  { ...toolFunction.properties, id: Type.String(), version_id: Type.String() },
  { additionalProperties: true, title: 'LinkedToolResponse' },
);

export type PromptSpec = Static<typeof promptSpec>;
