import type { KindEvents } from '../../events/kind-events.ts';
import type { Happening } from '../../events/run-event.ts';

/** The events of prompts' runs that are not stored. */
export const promptEvents: KindEvents = {
  opening: undefined,
  summary(log) {
    const { record, turns } = log.view;
    // The only sample that broke off ended with the run, as the error says.
    const ended = turns.length > 1 ? turns : turns.filter(({ error }) => error === null);
    const samples = ended.map((turn): Happening => ({ type: 'sample_end', turn }));
    return [...samples, { type: record.error === null ? 'prompt_end' : 'agent_turn_error', log }];
  },
};
