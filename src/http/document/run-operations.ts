import { fileBody } from '../wire/file.ts';
import {
  agentCall,
  agentContinue,
  callStream,
  continueStream,
  finishedCall,
  suspendedCall,
} from './examples/agent-run.ts';
import { versions } from './examples/files.ts';
import { promptCall, promptCallAnswer, promptStream } from './examples/prompt-run.ts';
import { toolCall, toolCallAnswer } from './examples/tool-run.ts';
import { upserts } from './examples/upserts.ts';
import type { OperationText } from './operation-text.ts';

const whichVersion =
  'Runs the version named, the one described in place, the one deployed to the environment named, or else the one deployed to the default environment.';

const agentEvents =
  'Each has a number as its `id` and JSON as its `data`; `data: [DONE]` ends the stream. An event has `type`, `log_id`, `message`, `payload` and `created_at`. The last one has the log as its payload: `agent_turn_suspend`, `agent_turn_end` or `agent_turn_error`; or it is `error`.';

const promptEvents =
  'Each is one `data:` line of JSON. There are no other lines but empty ones: no `id:`, and no `[DONE]` at the end. An event has `index`, which tells samples apart, the ids of log, prompt and version, and `output`: the text that is added to the sample.';

/** The texts of operations that run something, or prepare a run. */
export const runOperations: Readonly<Record<string, OperationText>> = {
  agents_call: {
    summary: 'Call an agent',
    description: `${whichVersion} The model and the tools that the server can run take turns, until there is an answer, or the call suspends because only the client can answer a tool call. With \`stream\` the events are told as they come.`,
    returns:
      'The log of the call. It is suspended where `log_status` is `incomplete`: `previous_agent_message` has the tool calls to answer.',
    request: {
      AgentCall: agentCall,
      AgentCallStreamed: { ...agentCall, stream: true },
    },
    answer: { AgentCallSuspended: suspendedCall, AgentCallFinished: finishedCall },
    stream: { events: agentEvents, examples: { AgentCallStream: callStream } },
    refusals: [
      'file_not_found',
      'nothing_deployed',
      'log_id_taken',
      'trace_complete',
      'too_many_runs',
    ],
    failure: 'provider_unavailable',
  },
  agents_continue: {
    summary: 'Continue a suspended call',
    description:
      'Hands a suspended call the answers to its tool calls, and runs it on. Everything said before is on the server; keys given with the call are not, so they are given again.',
    returns: 'The log of the call, as it is then: complete, or suspended again.',
    request: { AgentContinue: agentContinue },
    answer: { AgentCallFinished: finishedCall },
    stream: { events: agentEvents, examples: { AgentContinueStream: continueStream } },
    refusals: [
      'log_not_found',
      'not_suspended',
      'continue_under_way',
      'parent_under_way',
      'too_many_runs',
    ],
    failure: 'provider_unavailable',
  },
  prompts_call: {
    summary: 'Call a prompt',
    description: `${whichVersion} The model is called once for each sample; tool calls are answered, not run. With \`stream\` the pieces of all samples are told as they come, told apart by \`index\`.`,
    returns: 'The log of the call, with an entry for each sample in `logs`.',
    request: { PromptCall: promptCall },
    answer: { PromptCallAnswer: promptCallAnswer },
    stream: { events: promptEvents, examples: { PromptCallStream: promptStream } },
    refusals: [
      'file_not_found',
      'nothing_deployed',
      'log_id_taken',
      'trace_complete',
      'too_many_runs',
    ],
    failure: 'provider_unavailable',
  },
  tools_call: {
    summary: 'Call a tool',
    description: `${whichVersion} The last function of its \`source_code\` is called with the inputs as keyword arguments, in a sandbox without files and network. Only tools of \`tool_type\` \`python\` can be called.`,
    returns:
      'The log of the call. What the function returned is `output`, as it is if it is text, else as JSON; what it printed is `stdout`; an exception is `error`, and the call answered all the same.',
    request: { ToolCall: toolCall },
    answer: { ToolCallAnswer: toolCallAnswer },
    refusals: [
      'file_not_found',
      'nothing_deployed',
      'log_id_taken',
      'trace_complete',
      'too_many_runs',
    ],
    failure: 'python_busy',
  },
  prompts_populate: {
    summary: 'Fill the template of a prompt',
    description:
      'Renders the template of a version with inputs, which are the body. Nothing is called and nothing is logged.',
    returns: 'The version, with `populated_template`; that is null if it has no template.',
    request: { PromptInputs: promptCall.inputs },
    answer: {
      PromptPopulated: {
        ...fileBody(versions.prompt),
        populated_template: [
          upserts.prompt.template[0],
          { role: 'user', content: promptCall.inputs.request },
        ],
      },
    },
    refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
  },
};
