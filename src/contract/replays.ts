import { type Static, Type } from 'typebox';
import { versionReference } from './evaluation.ts';
import { evaluationRunResponse, logFilter, mostLogs } from './evaluation-run.ts';
import { oneOf, optional } from './nullable.ts';

/** How many logs are replayed if the request does not say. */
export const standardReplays = 50;

const { file_id: fileId, ...filters } = logFilter.properties;

/** Past logs to call again on another version. */
export const replayRequest = Type.Object({
  version: versionReference,
  logs: optional(
    Type.Object({
      ...filters,
      file_id: optional(fileId),
      last: optional(
        Type.Integer({
          minimum: 1,
          maximum: mostLogs,
          description: `The newest of them. Default: ${standardReplays}.`,
        }),
      ),
    }),
  ),
  tools: optional(
    oneOf(['recorded', 'live'], {
      description:
        '`recorded` (default): tool calls get the results that the log has, and no tool is run. ' +
        '`live`: tools are run.',
    }),
  ),
  on_miss: optional(
    oneOf(['fail', 'live', 'stop'], {
      description:
        'What a tool call does for which the log has no result. `fail` (default): the new log ends ' +
        'with an error. `stop`: it ends with the call. `live`: the tool is run.',
    }),
  ),
  concurrency: optional(
    Type.Integer({ minimum: 1, maximum: 64, description: 'Calls at once. Default: 8.' }),
  ),
  name: optional(Type.String({ minLength: 1, maxLength: 255 })),
});

/** The Run with the new logs, and the Run with the old ones. */
export const replayResponse = Type.Object(
  { run: evaluationRunResponse, baseline: evaluationRunResponse },
  { additionalProperties: true },
);

export type ReplayRequest = Static<typeof replayRequest>;
