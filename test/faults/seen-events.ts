/** An event of a run's stream, as a client received it. */
export interface SeenEvent {
  readonly id: number;
  readonly type: string;
  readonly logId: string;
  // biome-ignore lint/suspicious/noExplicitAny: a payload is one of many shapes
  readonly payload: any;
}

/**
 * A step of a run. The list of steps is the same for every reader and after any number of
 * takeovers.
 */
interface Step {
  readonly id: number;
  readonly what: string;
  /** The text of all pieces that belong together. */
  text: string;
}

/**
 * The steps of a stream without void ones: model calls and tool calls that were begun and later
 * repeated, or not ended before the run was.
 */
export function toSteps(events: readonly SeenEvent[]): readonly string[] {
  let steps: Step[] = [];
  let openModel: number | undefined;
  /** The logs of tool calls under way, by the ids of the calls. */
  const openTools = new Map<string, string>();
  const dropModel = () => {
    const from = openModel ?? Number.POSITIVE_INFINITY;
    steps = steps.filter(({ id, what }) => id < from || what.startsWith('tool'));
    openModel = undefined;
  };
  const dropTool = (callId: string) => {
    const gone = [`tool_start ${callId}`, `tool_update ${openTools.get(callId)}`];
    if (openTools.delete(callId)) steps = steps.filter(({ what }) => !gone.includes(what));
  };
  for (const event of events) {
    const { type, logId, payload } = event;
    // After an interruption, steps that were under way are repeated, as after a takeover.
    const isCutOff =
      type === 'agent_turn_error' || (type === 'agent_turn_suspend' && payload.error);
    if (type === 'agent_start' || isCutOff) dropModel();
    if (type === 'agent_start') openModel = event.id;
    if (type === 'agent_end') openModel = undefined;
    if (type === 'tool_start') {
      dropTool(payload.id);
      openTools.set(payload.id, logId);
    }
    if (type === 'tool_end') {
      for (const [callId, log] of openTools) if (log === logId) openTools.delete(callId);
      // The end contains the whole text. It is the only event of a call that ended while its server
      // died.
      steps = steps.filter(({ what }) => what !== `tool_update ${logId}`);
    }
    if (isCutOff) for (const callId of openTools.keys()) dropTool(callId);
    const what = stepName(event);
    const text = type.endsWith('_update') ? (payload.output ?? '') : '';
    // Tools report side by side, in any order.
    const begun = text === '' ? undefined : steps.findLast((step) => step.what === what);
    const isSameText = type === 'tool_update' || begun === steps.at(-1);
    if (begun && isSameText) begun.text += text;
    else steps.push({ id: event.id, what, text });
  }
  return steps.map(({ what, text }) => (text === '' ? what : `${what}: ${text}`));
}

function stepName({ type, logId, payload }: SeenEvent): string {
  if (type === 'tool_start') return `tool_start ${payload.id}`;
  if (type === 'tool_update') return `tool_update ${logId}`;
  if (type === 'tool_end') return `tool_end ${logId} ${payload?.output ?? ''}`;
  if (type === 'agent_end') {
    const calls = (payload.output_message?.tool_calls ?? []).map((call: { id: string }) => call.id);
    return `agent_end ${payload.output ?? ''} ${calls.join()}`;
  }
  if (payload === null || type === 'agent_update') return type;
  return `${type} ${payload?.output ?? ''} ${payload?.error ?? ''}`;
}
