import { Outbox } from '../events/outbox.ts';
import type { EngineParts } from './engine-parts.ts';
import { Notes } from './notes.ts';
import type { Run, RunOptions } from './run.ts';
import { Transcript } from './transcript.ts';

/** Creates the run object with which this process drives a run. */
export function createRun<Parts extends EngineParts>(options: RunOptions<Parts>): Run<Parts> {
  const { record, turns, eventCount, tools: offered, ...call } = options;
  const { origin, parts, workspace, lease, version } = call;
  const transcript = new Transcript(record, turns);
  const outbox = new Outbox({
    workspace,
    lease,
    version,
    clock: parts.clock,
    eventCount,
    openedAt: origin.type === 'continued' ? origin.at : record.created_at,
    isStored: record.save,
  });
  let tools = offered;
  return {
    ...call,
    transcript,
    notes: new Notes(record.stdout),
    outbox,
    addTools(added) {
      tools = { ...tools, byName: new Map([...tools.byName, ...added]) };
    },
    get tools() {
      return tools;
    },
    get record() {
      return transcript.record;
    },
    get turns() {
      return transcript.turns;
    },
    get eventCount() {
      return outbox.eventCount;
    },
  };
}

/** Whether another process may have begun tool calls of this run. */
export function hasBegunElsewhere({ origin }: Pick<Run, 'origin'>): boolean {
  return origin.type === 'taken_over' || (origin.type === 'continued' && origin.gave === 'keys');
}
