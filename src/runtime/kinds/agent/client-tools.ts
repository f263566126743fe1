import type { ToolCall } from '../../../contract/chat.ts';
import type { ClientTools } from '../../../logs/log-record.ts';
import type { Running } from '../../events/run-event.ts';
import { toolMessage } from '../../runs/call-answer.ts';
import type { OfferedTool, ToolOutcome } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { answerWith } from './linked-call.ts';

/**
 * Executes the steps of a run. If its call gives results for tools of the client, calls of these tools
 * are answered with them.
 */
export async function* withClientTools<Result>(
  run: KindRun<'agent'>,
  steps: Running<Result>,
): Running<Result> {
  const given = run.callOptions.client_tools;
  if (given) {
    const answered = [...run.tools.byName].flatMap(([name, tool]) => {
      const result = Object.hasOwn(given, name) ? given[name] : undefined;
      const isClients = !tool.answer && !tool.stops;
      return result && isClients ? [[name, answeredWith(tool, result)] as const] : [];
    });
    run.addTools(new Map(answered));
  }
  return yield* steps;
}

/** A tool whose calls all have the same result. */
function answeredWith(tool: OfferedTool, result: ClientTools[string]): OfferedTool {
  const output = resultText(result);
  return {
    ...tool,
    async *answer(run: KindRun, call: ToolCall): Running<ToolOutcome> {
      yield* answerWith(run, toolMessage(call, output));
      return { type: 'answered', output };
    },
  };
}

function resultText({ output, error }: ClientTools[string]): string {
  return error == null ? (output ?? '') : `Error: ${error}`;
}
