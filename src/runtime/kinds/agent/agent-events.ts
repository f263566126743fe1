import type { KindEvents } from '../../events/kind-events.ts';

/** The events of agents' runs that are not stored. */
export const agentEvents: KindEvents = {
  opening: { type: 'agent_turn_start' },
  summary(log) {
    const { record, run } = log.view;
    const end = record.error === null ? 'agent_turn_end' : 'agent_turn_error';
    return [{ type: 'agent_turn_start' }, { type: run ? 'agent_turn_suspend' : end, log }];
  },
};
