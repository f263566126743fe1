import { findConversationFlaw, mayFail, toText } from './conversation-check.ts';
import { type Plan, type PlanOptions, planFor, planIn } from './plan.ts';
import type { StoredLog, StoredRuns } from './stored-runs.ts';
import type { Story } from './story.ts';

/** The log of an agent's run, and the plan that its model follows. */
export interface PlannedLog {
  readonly log: StoredLog;
  readonly plan: Plan;
}

/**
 * The logs whose plans are known: those with stored messages, and those of the clients' own runs.
 */
export function plannedLogs(
  { logs }: StoredRuns,
  stories: readonly Story[],
  options: PlanOptions,
): readonly PlannedLog[] {
  const plans = new Map(stories.map(({ logId, plan }) => [logId, plan]));
  return logs.flatMap((log) => {
    const first = log.messages?.find(({ role }) => role === 'user');
    const known = planIn(toText(first?.content));
    const plan = plans.get(log.id) ?? (known && planFor(known.seed, known.depth, options));
    return plan && ['agent', 'prompt'].includes(log.type) ? [{ log, plan }] : [];
  });
}

/**
 * Compares the stored logs with what clients received and what the models answered.
 *
 * @returns what is wrong, one sentence each.
 */
export function checkLogs(
  stored: StoredRuns,
  stories: readonly Story[],
  options: PlanOptions,
): readonly string[] {
  const planned = plannedLogs(stored, stories, options);
  const kept = stories.filter(({ deletion }) => deletion === 'none');
  return [
    ...kept.flatMap((story) => checkStory(stored, story)),
    ...planned.flatMap((each) => checkTurns(stored, each, options)),
    ...stored.logs.flatMap((log) => checkState(stored, log, stories)),
    ...twice(stored.observed.turns, ({ log_id, number }) => `turn ${number} of log ${log_id}`),
    ...twice(
      stored.observed.results,
      ({ log_id, number, tool_call_id }) =>
        `the result of ${tool_call_id} in turn ${number} of log ${log_id}`,
    ),
    ...checkCallLogs(stored),
  ];
}

/** Checks that acknowledged data is there, and that the run ended as its plan says. */
function checkStory({ logs }: StoredRuns, story: Story): readonly string[] {
  const { logId, plan, save, end, log: told } = story;
  const log = logs.find(({ id }) => id === logId);
  if (!log) return [`log ${logId} was acknowledged and is not there`];
  const flaws: string[] = [];
  if (end === 'complete' && log.log_status !== 'complete') {
    flaws.push(`log ${logId} was told to be complete and is ${log.log_status}`);
  }
  if (end === 'complete' && save && (told.output ?? null) !== log.output) {
    flaws.push(`log ${logId} was told to say ${told.output} and says ${log.output}`);
  }
  if (
    story.cancel === 'acknowledged' &&
    (log.log_status !== 'complete' || log.ended_as !== 'cancelled')
  ) {
    flaws.push(`log ${logId} was told to be cancelled and is ${log.log_status}: ${log.ended_as}`);
  }
  if (log.log_status === 'complete' && log.ended_as === null) {
    flaws.push(`log ${logId} is complete and does not say how its run ended`);
  }
  if (end === 'unknown') flaws.push(`log ${logId} never came to rest`);
  if (log.log_status !== 'complete' || !save) return flaws;
  if (log.error === null && log.output !== plan.output) {
    flaws.push(`log ${logId} ended with ${log.output} for ${plan.output}`);
  }
  if (log.error !== null && !isStated(log.error, story)) {
    flaws.push(`log ${logId} ended with the error ${log.error}`);
  }
  return flaws;
}

/** Whether this run may end with this error. */
function isStated(error: string, { cancel, plan }: Story): boolean {
  if (error === 'cancelled') return cancel !== 'none';
  return mayFail(plan);
}

/** Checks that the turns are numbered without gaps and match the plan. */
function checkTurns(
  { turns }: StoredRuns,
  { log, plan }: PlannedLog,
  options: PlanOptions,
): readonly string[] {
  const own = turns.filter(({ log_id }) => log_id === log.id);
  const flaws: string[] = [];
  own.forEach(({ number }, index) => {
    if (number !== index + 1)
      flaws.push(`log ${log.id} has a turn ${number} in place ${index + 1}`);
  });
  if (log.log_status === 'complete' && log.error === null && log.output === plan.output) {
    if (own.length !== plan.turns.length) {
      flaws.push(`log ${log.id} ended after ${own.length} turns of ${plan.turns.length}`);
    }
  }
  if (!log.save) return flaws;
  const messages = own.flatMap(({ message, results, continuation }) => [
    ...(message ? [message] : []),
    ...results,
    ...(continuation ?? []),
  ]);
  const flaw = findConversationFlaw(plan, messages, options);
  if (flaw !== undefined) flaws.push(`log ${log.id} (plan ${plan.seed}): ${flaw}`);
  return flaws;
}

/** Checks that a log was not left in a forbidden state. */
function checkState(
  { runs, observed }: StoredRuns,
  log: StoredLog,
  stories: readonly Story[],
): readonly string[] {
  const flaws: string[] = [];
  const run = runs.find(({ log_id }) => log_id === log.id);
  const story = stories.find(({ logId }) => logId === log.id || logId === log.trace_id);
  if (run?.state === 'running') flaws.push(`log ${log.id} still runs`);
  if (run && run.lease_owner !== null) flaws.push(`log ${log.id} still has a lease`);
  if (run && log.log_status === 'complete') flaws.push(`log ${log.id} is complete and has a run`);
  if (!run && log.log_status !== 'complete') flaws.push(`log ${log.id} is open and has no run`);
  if (run?.state === 'suspended' && story?.end !== 'suspended') {
    flaws.push(`log ${log.id} is suspended below a run that ended (${story?.end})`);
  }
  if (run?.state === 'interrupted') flaws.push(`log ${log.id} is interrupted`);
  const statuses = observed.statuses.filter(({ log_id }) => log_id === log.id);
  const isReopened = statuses.slice(0, -1).some(({ status }) => status === 'complete');
  if (isReopened) flaws.push(`log ${log.id} was complete, and changed after that`);
  return flaws;
}

/** Checks that no tool call has more than one log. */
function checkCallLogs({ logs, runs }: StoredRuns): readonly string[] {
  const ofCalls = logs.filter(({ tool_call_id }) => tool_call_id !== null);
  const groups = Map.groupBy(ofCalls, (log) => `${log.tool_call_id} below ${log.trace_parent_id}`);
  return [...groups].flatMap(([call, found]) => {
    const states = found.map(({ id, type, log_status, output, error }) => {
      const run = runs.find(({ log_id }) => log_id === id);
      return `${type} ${id} ${run?.state ?? log_status} (${output ?? error})`;
    });
    return found.length > 1 ? [`call ${call} has ${found.length} logs: ${states.join(', ')}`] : [];
  });
}

/** The items that occur more than once. */
function twice<Item>(items: readonly Item[], name: (item: Item) => string): readonly string[] {
  const groups = Map.groupBy(items, name);
  return [...groups].flatMap(([known, { length }]) =>
    length > 1 ? [`${known} was written ${length} times`] : [],
  );
}
