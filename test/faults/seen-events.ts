/** An event of a run's stream, as a client has it. */
export interface SeenEvent {
  readonly id: number;
  readonly type: string;
  readonly logId: string;
  // biome-ignore lint/suspicious/noExplicitAny: a payload is one of many shapes
  readonly payload: any;
}

/** What the events of a run come to, whoever read them, however often the run was taken over. */
interface Step {
  readonly id: number;
  readonly what: string;
  /** Of pieces of text: that of all that belong together. */
  text: string;
}

/**
 * The steps of a stream, without what is void: a model call or a tool call that was begun and made
 * anew later, or not ended before the run was.
 */
export function stepsOf(events: readonly SeenEvent[]): readonly string[] {
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
    // What was under way when a run was interrupted is done again, as with one that was taken over.
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
      // The end tells the whole, and it is all that is told of a call that ended as its server did.
      steps = steps.filter(({ what }) => what !== `tool_update ${logId}`);
    }
    if (isCutOff) for (const callId of openTools.keys()) dropTool(callId);
    const what = whatOf(event);
    const text = type.endsWith('_update') ? (payload.output ?? '') : '';
    // Tools tell what they do side by side, in any order.
    const begun = text === '' ? undefined : steps.findLast((step) => step.what === what);
    const isSameText = type === 'tool_update' || begun === steps.at(-1);
    if (begun && isSameText) begun.text += text;
    else steps.push({ id: event.id, what, text });
  }
  return steps.map(({ what, text }) => (text === '' ? what : `${what}: ${text}`));
}

function whatOf({ type, logId, payload }: SeenEvent): string {
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
