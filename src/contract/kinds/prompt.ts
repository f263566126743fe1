import { type Static, Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import { oneOutcome, saysWhichFile } from '../checked-by-code.ts';
import {
  conversationProperties,
  logProperties,
  modelLogProperties,
  outcomeProperties,
  statusProperties,
} from '../log.ts';
import { optional } from '../nullable.ts';
import { modelSpecProperties } from './model.ts';

/** What defines a version of a prompt. */
export const promptSpec = Type.Object(
  {
    ...modelSpecProperties,
    tools: optional(Type.Array(toolFunction, { maxItems: 256 })),
    linked_tools: optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 256,
        description: 'Ids of tools, each in the version deployed to the default environment.',
      }),
    ),
  },
  { title: 'PromptKernelRequest' },
);

/** A prompt inside of a request: its fields, or the text of a `.prompt` file that says them. */
export const inlinePrompt = Type.Union([
  promptSpec,
  Type.String({ description: 'The text of a `.prompt` file.' }),
]);

/** A call of a prompt that was made elsewhere, to be kept as a log. */
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
  saysWhichFile,
);

const { inputs, source, metadata, start_time, end_time } = logProperties;

/** What can be changed of a log; `null` clears `output` and `error`, and is nothing elsewhere. */
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
  oneOutcome,
);

/** A tool that a prompt names, as its answers show it. */
export const linkedTool = Type.Object(
  { ...toolFunction.properties, id: Type.String(), version_id: Type.String() },
  { additionalProperties: true, title: 'LinkedToolResponse' },
);

export type PromptSpec = Static<typeof promptSpec>;
