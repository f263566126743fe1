import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';
import { merge } from '../../../kernel/merge.ts';
import type { Running } from '../../events/run-event.ts';
import type { Run } from '../../runs/run.ts';
import type { AgentTools, OfferedTool } from './agent-tools.ts';
import { runRemoteTool } from './remote-tools.ts';
import { type DriveAgent, runLinkedAgent } from './run-linked-agent.ts';
import { runLinkedPrompt } from './run-linked-prompt.ts';
import { runLinkedTool } from './run-linked-tool.ts';
import { argumentsOf, type ToolOutcome, toolMessage } from './tool-message.ts';

/** A call of a tool that is one of the agent's. */
export interface OfferedCall {
  readonly call: ToolCall;
  readonly tool: OfferedTool;
}

/** What is to become of each call of a turn. */
export interface SortedCalls {
  /** The first call of a tool that ends the turn. */
  readonly stop: OfferedCall | undefined;
  /** Calls that the server runs. */
  readonly ours: readonly OfferedCall[];
  /** Calls that wait for the client. */
  readonly clients: readonly ToolCall[];
  /** Answers to calls of tools that the agent does not have. */
  readonly refusals: readonly ChatMessage[];
}

/** Sorts the calls of a message by who answers them. */
export function sortCalls(tools: AgentTools, message: ChatMessage): SortedCalls {
  const calls = message.tool_calls ?? [];
  const offered = calls.flatMap((call) => {
    const tool = tools.byName.get(call.function.name);
    return tool ? [{ call, tool }] : [];
  });
  return {
    stop: offered.find(({ tool }) => tool.stops),
    ours: offered.filter(({ tool }) => isOurs(tool)),
    clients: offered.filter(({ tool }) => !isOurs(tool) && !tool.stops).map(({ call }) => call),
    refusals: calls
      .filter((call) => !tools.byName.has(call.function.name))
      .map((call) => toolMessage(call, `Error: there is no tool named ${call.function.name}.`)),
  };
}

function isOurs({ file, remote }: OfferedTool): boolean {
  return file !== undefined || remote !== undefined;
}

/**
 * Runs calls side by side, those of files each as a log below the agent's; each result is committed as it comes.
 *
 * A tool that fails does not end the turn: its error is its result.
 *
 * @param driveAgent runs an agent that is linked as a tool.
 */
export async function* runToolCalls(
  run: Run,
  calls: readonly OfferedCall[],
  driveAgent: DriveAgent,
): Running<readonly ToolOutcome[]> {
  return yield* merge(
    calls.map(({ call, tool }) => {
      if (tool.remote) return runRemoteTool(run, call, tool.remote);
      const file = tool.file as NonNullable<OfferedTool['file']>;
      if (file.type === 'agent') return runLinkedAgent(run, call, file, driveAgent);
      if (file.type === 'tool') return runLinkedTool(run, call, tool, file);
      return runLinkedPrompt(run, call, file);
    }),
  );
}

/**
 * What a run answers that was ended by a tool the client runs: the `output` of the call's
 * arguments, where they have one and it is text, or else the arguments as they are.
 */
export function stopOutput(call: ToolCall): string {
  const text = call.function.arguments ?? '';
  const output = argumentsOf(call)?.['output'];
  return typeof output === 'string' ? output : text;
}
