import { Type } from 'typebox';
import { oneOutcome, saysWhichFile } from '../checked-by-code.ts';
import {
  conversationProperties,
  logProperties,
  outcomeProperties,
  statusProperties,
} from '../log.ts';
import { optional } from '../nullable.ts';

/** What defines a version of a flow: whatever its owner says of it. */
export const flowSpec = Type.Object(
  {
    attributes: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Anything that should tell this version from others.',
    }),
  },
  { title: 'FlowKernelRequest' },
);

/** A run of a flow, to be kept as a log: a trace, once other logs name it as their parent. */
export const flowLogRequest = Type.Object(
  {
    ...logProperties,
    flow: optional(flowSpec),
    run_id: optional(Type.String()),
    ...statusProperties,
    ...conversationProperties,
    ...outcomeProperties,
  },
  saysWhichFile,
);

/** What can be changed of a log; `null` clears `output` and `error`, and is nothing elsewhere. */
export const flowLogUpdate = Type.Object(
  {
    ...conversationProperties,
    inputs: logProperties.inputs,
    output: outcomeProperties.output,
    error: outcomeProperties.error,
    ...statusProperties,
  },
  oneOutcome,
);
