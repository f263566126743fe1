import type { Workspace } from '../../database/workspace.ts';
import { logNotFound } from '../../logs/errors.ts';
import type { RecordedTools } from '../../logs/log-record.ts';
import type { GeneratedCall } from '../runs/generated-call.ts';
import type { EvaluationRunRow } from '../runs/lock-queries.ts';
import { findAsked } from './replay-queries.ts';

/** How the tool calls of a replay are answered, as its Run stores it. */
export interface ReplayOptions {
  readonly tools: 'recorded' | 'live';
  readonly on_miss: RecordedTools['on_miss'];
  /** The Run with the old logs. */
  readonly baseline_run_id: string;
}

/**
 * Gives calls that replay logs what these were asked, and the results of their tools. Other calls
 * stay as they are.
 */
export async function askAgain(
  workspace: Workspace,
  { options }: Pick<EvaluationRunRow, 'options'>,
  calls: readonly GeneratedCall[],
): Promise<readonly GeneratedCall[]> {
  const { replay } = options as { readonly replay?: ReplayOptions };
  if (!replay) return calls;
  const asked = await findAsked(
    workspace,
    calls.flatMap(({ slot }) => slot.replayedLogId ?? []),
  );
  return calls.map((call) => {
    const id = call.slot.replayedLogId;
    if (id === null) return call;
    const metadata = { replayed_from: id };
    const log = asked.get(id);
    if (!log) {
      return { ...call, request: { ...call.request, metadata }, obstacle: logNotFound(id) };
    }
    const { inputs, messages, tool_choice, user } = log;
    const recorded = { log_id: id, on_miss: replay.on_miss };
    return {
      ...call,
      request: { ...call.request, inputs, messages, tool_choice, user, metadata },
      options: { ...call.options, ...(replay.tools === 'recorded' ? { recorded } : {}) },
    };
  });
}
