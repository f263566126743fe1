import { fileBody } from '../../wire/file.ts';
import {
  agentCall,
  agentContinue,
  callStream,
  continueStream,
  finishedCall,
  suspendedCall,
} from './examples/agent-run.ts';
import { evaluatorCall, evaluatorCallAnswer } from './examples/evaluator-call.ts';
import { versions } from './examples/files.ts';
import { promptCall, promptCallAnswer, promptStream } from './examples/prompt-run.ts';
import { toolCall, toolCallAnswer } from './examples/tool-run.ts';
import { upserts } from './examples/upserts.ts';
import type { OperationText } from './operation-text.ts';

const whichVersion =
  'Runs the version given by `version_id`, defined in the request, or deployed to `environment`. Without any of these, it runs the version deployed to the default environment.';

const agentEvents =
  'Each event has a number as its `id` and JSON as its `data`. The JSON has `type`, `log_id`, `message`, `payload` and `created_at`. The last event is `agent_turn_suspend`, `agent_turn_end` or `agent_turn_error`, with the log as its payload, or it is `error`. `data: [DONE]` ends the stream.';

const promptEvents =
  'Each event is one `data:` line of JSON, followed by an empty line. It has no `id:`, and the stream has no `[DONE]` at its end. The JSON has `index`, which identifies the sample, the ids of log, prompt and version, and `output`: the text to append to the sample.';

/** The texts of operations that run something, or prepare a run. */
export const runOperations: Readonly<Record<string, OperationText>> = {
  agents_call: {
    summary: 'Call an agent',
    description: `${whichVersion} The model and the tools that the server can run take turns until the model answers, or until the run is suspended because your code must answer a tool call. With \`stream\`, the events are sent as they happen.`,
    returns:
      'The log of the call. If `log_status` is `incomplete`, the run is suspended, and `previous_agent_message` has the tool calls to answer.',
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
      'Sends the results of the tool calls that a suspended run waits for, and continues the run. The server has stored the conversation, but not the keys of the call: send `provider_api_keys` again.',
    returns: 'The log of the call: complete, or suspended again.',
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
    description: `${whichVersion} The model is called once for each sample. Tool calls are returned, not run. With \`stream\`, the pieces of all samples are sent as they come; \`index\` identifies the sample.`,
    returns: 'The log of the call, with one entry in `logs` for each sample.',
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
    description: `${whichVersion} The server calls the last function in \`source_code\` with the inputs as keyword arguments, in a sandbox without files or network. Only tools with \`tool_type\` \`python\` can be called.`,
    returns:
      'The log of the call. `output` is what the function returned: text as it is, anything else as JSON. `stdout` is what it printed. If the function raised an exception, the call still succeeds, and `error` has the exception.',
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
  evaluators_call: {
    summary: 'Try an evaluator on a log',
    description:
      'Judges one log with a version that is stored, or with the `spec` in the request. The log is one that is stored, or the `log` in the request. Evaluators that judge by code run in a sandbox without files or network; those that judge by a model ask it. People and external systems are not called. Whatever the code or the model does wrong is the `error` of the answer. Nothing is stored without `save`.',
    returns:
      'The judgment as a log of the evaluator. `stdout` is what its code printed, `output` what its model said.',
    request: { EvaluatorCall: evaluatorCall },
    answer: { EvaluatorCallAnswer: evaluatorCallAnswer },
    refusals: ['file_not_found', 'version_not_found', 'nothing_deployed', 'log_not_found'],
    failure: 'python_busy',
  },
  prompts_populate: {
    summary: 'Fill the template of a prompt',
    description:
      'Fills the template of a version with the inputs in the body. This calls no model and records no log.',
    returns:
      'The version, with `populated_template`, which is null if the version has no template.',
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
