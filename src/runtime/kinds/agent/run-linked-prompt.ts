import type { ToolCall } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { loadSnippets } from '../../../files/snippets.ts';
import { mapped } from '../../../kernel/each.ts';
import { isRefusal } from '../../../kernel/errors.ts';
import type { LogRecord, TurnRecord } from '../../../logs/log-record.ts';
import { textOf } from '../../../logs/message-text.ts';
import { totalCost, totalUsage } from '../../../logs/totals.ts';
import { ProviderFailure } from '../../../providers/provider.ts';
import type { Happening, Running } from '../../events/run-event.ts';
import { askModel, type BrokenReply } from '../../models/ask-model.ts';
import { emptyAnswer } from '../../models/empty-answer.ts';
import {
  callableEndpoints,
  modelRequest,
  requireCallable,
  wholeConversation,
} from '../../models/model-request.ts';
import { asTurn, failedTurn } from '../../models/turns.ts';
import type { ToolOutcome } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf, badArguments } from './call-arguments.ts';
import { childRecord, closeCall, requestFromCall } from './linked-call.ts';

/**
 * Answers a tool call by calling a prompt: one model call, with a child log. Every failure of the
 * prompt is its result, for the model.
 */
export async function* runLinkedPrompt(
  run: KindRun,
  call: ToolCall,
  file: FileVersion<'prompt'>,
): Running<ToolOutcome> {
  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestFromCall(file, given ?? {}));
  const child = { id: record.id, version: file };
  yield { type: 'tool_start', child, call };
  const done: Answer = given
    ? yield* mapped(
        askPrompt(run, file, record),
        (delta): Happening => ({ type: 'tool_update', child, delta }),
      )
    : { record: { ...record, error: badArguments }, turn: null };
  return yield* closeCall(run, call, file, done.record, done.turn);
}

/** The outcome of a prompt's call. `turn` is its model call; null when nothing of an answer came. */
interface Answer {
  readonly record: LogRecord;
  readonly turn: TurnRecord | null;
}

async function* askPrompt(
  run: KindRun,
  file: FileVersion<'prompt'>,
  record: LogRecord,
): AsyncGenerator<string, Answer> {
  const { spec } = file;
  const { parts, workspace, providerApiKeys, signal } = run;
  const notes: string[] = [];
  let broken: BrokenReply | undefined;
  try {
    const snippets = await loadSnippets(run.workspace, file);
    const conversation = { spec, record, snippets, call: record, workspace: run.workspace };
    await requireCallable(conversation, callableEndpoints.prompt);
    const request = modelRequest(spec, {
      messages: await wholeConversation(conversation, []),
      tools: spec.tools ?? [],
      toolChoice: undefined,
      stream: run.callOptions.stream ?? false,
    });
    const add = (lines: readonly string[]) => void notes.push(...lines);
    const asker = { parts, workspace, providerApiKeys, signal, notes: { add } };
    const answer = yield* askModel(asker, spec, request, (reply) => {
      broken = reply;
    });
    const { message, finishReason } = answer;
    const turn = asTurn(run, answer, 1);
    const { error, note } = emptyAnswer(turn);
    if (note !== null) add([note]);
    const answered: LogRecord = {
      ...record,
      output: textOf(message),
      error,
      output_message: message,
      finish_reason: finishReason,
      ...totalUsage([turn]),
      ...totalCost([turn]),
      stdout: joined(notes),
    };
    return { record: answered, turn };
  } catch (error) {
    if (error instanceof ProviderFailure) {
      const { message, providerRequest, providerResponse } = error;
      const failed: LogRecord = {
        ...record,
        error: message,
        stdout: joined(notes),
        provider_request: providerRequest ?? null,
        provider_response: providerResponse ?? null,
      };
      return { record: failed, turn: broken ? failedTurn(broken, 1, message) : null };
    }
    // Return the error to the model when the template lacks an input or the vendor a key: the model
    // may call again with other arguments. Throwing the error would end the whole run.
    if (isRefusal(error)) {
      return { record: { ...record, error: error.message }, turn: null };
    }
    throw error;
  }
}

function joined(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join('\n');
}
