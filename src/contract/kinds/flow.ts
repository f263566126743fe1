import { Type } from 'typebox';
import { outputOrError, requiresPathOrId } from '../checked-by-code.ts';
import {
  conversationProperties,
  logProperties,
  outcomeProperties,
  statusProperties,
} from '../log.ts';
import { optional } from '../nullable.ts';

/** The fields that define a version of a flow: any attributes. */
export const flowSpec = Type.Object(
  {
    attributes: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Any data that distinguishes this version from others.',
    }),
  },
  { title: 'FlowKernelRequest' },
);

/**
 * A run of a flow, to record as a log. It becomes a trace when other logs name it as their parent.
 */
export const flowLogRequest = Type.Object(
  {
    ...logProperties,
    flow: optional(flowSpec),
    run_id: optional(Type.String()),
    ...statusProperties,
    ...conversationProperties,
    ...outcomeProperties,
  },
  requiresPathOrId,
);

/**
 * What can be changed in a log. `null` clears `output` and `error`; in other fields it changes
 * nothing.
 */
export const flowLogUpdate = Type.Object(
  {
    ...conversationProperties,
    inputs: logProperties.inputs,
    output: outcomeProperties.output,
    error: outcomeProperties.error,
    ...statusProperties,
  },
  outputOrError,
);
