import type { ToolCall, ToolFunction } from '../contract/chat.ts';
import type { PromptSpec } from '../contract/kinds/prompt.ts';
import type { FileVersion } from '../files/file-queries.ts';
import { snippetsOf } from '../files/snippets.ts';
import { secondsBetween, timestamp } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { callModel } from '../providers/call-model.ts';
import { ProviderFailure } from '../providers/provider.ts';
import { answerCall, childRecord, requestOfCall } from './linked-call.ts';
import { textOf } from './message-text.ts';
import {
  callableEndpoints,
  chooseProvider,
  conversationOf,
  modelRequest,
  requireCallable,
} from './model-request.ts';
import { type Run, totalUsage, usageColumns } from './run.ts';
import type { Happening } from './run-event.ts';
import { argumentsOf, badArguments, type ToolOutcome } from './tool-message.ts';

/**
 * Answers a tool call by calling a prompt: one model call, logged below the agent's log. Whatever
 * goes wrong with it is its result, told to the model.
 */
export async function* runLinkedPrompt(
  run: Run,
  call: ToolCall,
  file: FileVersion,
): AsyncGenerator<Happening, ToolOutcome> {
  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestOfCall(file, given ?? {}));
  const child = { id: record.id, version: file };
  yield { type: 'tool_start', child, call };
  let done: LogRecord;
  if (given) {
    const answering = answerOf(run, file, record);
    let step = await answering.next();
    for (; !step.done; step = await answering.next()) {
      yield { type: 'tool_update', child, delta: step.value };
    }
    done = step.value;
  } else {
    done = { ...record, error: badArguments };
  }
  const end = timestamp(run.parts.clock.now());
  done = {
    ...done,
    log_status: 'complete',
    end_time: end,
    provider_latency: secondsBetween(record.created_at, end),
  };
  const output = done.error === null ? (done.output ?? '') : `Error: ${done.error}`;
  await answerCall(run, call, output, done);
  run.parts.usage.add(run.workspace.organizationId, file, end);
  yield {
    type: 'tool_end',
    call,
    log: { view: { record: done, turns: [], run: null }, version: file },
  };
  return { type: 'answered', output };
}

async function* answerOf(
  run: Run,
  file: FileVersion,
  record: LogRecord,
): AsyncGenerator<string, LogRecord> {
  const spec = file.spec as PromptSpec;
  try {
    const snippets = await snippetsOf(run.workspace, file);
    requireCallable(spec, record, callableEndpoints.prompt, snippets);
    const { provider, apiKey } = chooseProvider(run.parts, spec, run.providerApiKeys);
    const request = modelRequest(spec, {
      messages: conversationOf(spec, record, [], snippets),
      tools: (spec.tools ?? []) as readonly ToolFunction[],
      toolChoice: undefined,
      stream: run.stream,
    });
    const calling = callModel(provider, request, {
      apiKey,
      signal: run.signal,
      limits: run.parts.modelLimits,
      log: run.parts.logger,
    });
    let step = await calling.next();
    for (; !step.done; step = await calling.next()) {
      if (step.value.type === 'text') yield step.value.delta;
    }
    const { message, usage, ...answer } = step.value;
    return {
      ...record,
      output: textOf(message),
      output_message: message,
      finish_reason: answer.finishReason,
      ...totalUsage([usageColumns(usage)]),
      provider_request: answer.providerRequest,
      provider_response: answer.providerResponse,
      stdout: answer.warnings.length === 0 ? null : answer.warnings.join('\n'),
    };
  } catch (error) {
    if (error instanceof ProviderFailure) {
      const { message, providerRequest, providerResponse } = error;
      return {
        ...record,
        error: message,
        provider_request: providerRequest ?? null,
        provider_response: providerResponse ?? null,
      };
    }
    // A template without an input, a vendor without a key: the model, or its reader, is told.
    if (error instanceof PlatformError && error.category === 'invalid') {
      return { ...record, error: error.message };
    }
    throw error;
  }
}
