import { type Static, Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import { optional } from '../nullable.ts';
import { modelSpecProperties } from './agent.ts';

/** What defines a version of a prompt. */
export const promptSpec = Type.Object({
  ...modelSpecProperties,
  tools: optional(Type.Array(toolFunction)),
  /** Ids of tools, each in the version deployed to the default environment. */
  linked_tools: optional(Type.Array(Type.String())),
});

export type PromptSpec = Static<typeof promptSpec>;
