import {
  type Plan,
  type PlannedCall,
  type PlannedTurn,
  type PlanOptions,
  planBelow,
} from './plan.ts';

/** A message in the form that OpenAI and our logs use. */
export interface WireMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

/** A client's answer to a call; `variant` tells the answers of two clients apart. */
export function clientAnswer(callId: string, variant: number): string {
  return `answer ${variant} to ${callId}`;
}

/** The result of the MCP server's tool and of the Python tool. */
export function countedAnswer(key: string): string {
  return `counted ${key}`;
}

/**
 * Compares the messages after the first one with the plan.
 *
 * @returns what is wrong; undefined when they match the plan as far as they go.
 */
export function findConversationFlaw(
  plan: Plan,
  messages: readonly WireMessage[],
  options: PlanOptions,
): string | undefined {
  let turn = 0;
  let open: PlannedCall[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      if (open.length > 0) return `turn ${turn + 1} came before ${open[0]?.id} was answered`;
      const planned = plan.turns[turn];
      if (!planned) return `there is a turn ${turn + 1} of ${plan.turns.length}`;
      const said = toText(message.content);
      if (message === messages.at(-1) && isBrokenOff(message, planned)) return undefined;
      if (said !== planned.words.join('')) return `turn ${turn + 1} says ${JSON.stringify(said)}`;
      const calls = (message.tool_calls ?? []).map(({ id }) => id).join();
      if (calls !== planned.calls.map(({ id }) => id).join())
        return `turn ${turn + 1} calls ${calls}`;
      open = [...planned.calls];
      turn += 1;
    } else if (message.role === 'tool') {
      const call = open.find(({ id }) => id === message.tool_call_id);
      if (!call) return `${message.tool_call_id} was answered twice, or never called`;
      open.splice(open.indexOf(call), 1);
      const flaw = flawOfAnswer(call, toText(message.content), options);
      if (flaw !== undefined) return flaw;
    } else return `there is a message of ${message.role}`;
  }
  return undefined;
}

/** Whether a turn is the beginning of an answer that broke off, with which its run failed. */
function isBrokenOff(message: WireMessage, { words, troubles }: PlannedTurn): boolean {
  const isBeginning = words.join('').startsWith(toText(message.content));
  return troubles.includes('cut') && isBeginning && message.tool_calls === undefined;
}

function flawOfAnswer(call: PlannedCall, answer: string, options: PlanOptions): string | undefined {
  const isOfClient = /^answer \d to (\S+)$/.exec(answer)?.[1] === call.id;
  if (call.tool === 'lookup') return isOfClient ? undefined : `${call.id} was answered ${answer}`;
  if (call.tool === 'missing') {
    return answer.startsWith('Error: there is no tool') ? undefined : `${call.id}: ${answer}`;
  }
  const child = planBelow(call, options);
  if (!child) {
    const isCounted = answer === countedAnswer(call.id);
    return isCounted ? undefined : `${call.id} was answered ${answer}`;
  }
  // A client may have answered for a waiting agent, or the agent's model call may have failed.
  const isFailure = answer.startsWith('Error: ') && mayFail(child);
  const isAnswer = answer === child.output || isOfClient || isFailure;
  return isAnswer ? undefined : `${call.id} was answered ${answer}`;
}

/** Whether a plan has a model call that can make its run fail. */
export function mayFail({ turns }: Plan): boolean {
  return turns.some(({ troubles }) => troubles.includes('cut') || troubles.includes('refused'));
}

export function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('');
}
