import type { Static } from 'typebox';
import type { Caller } from '../../accounts/callers.ts';
import type { spanResponse } from '../../contract/spans.ts';
import type { SpanContent } from '../../logs/spans/read-span.ts';
import { asObject } from '../../wire/log.ts';
import { logBodies } from '../../wire/log-bodies.ts';

/** A span with its payloads. */
export async function spanBody(
  workspace: Caller['workspace'],
  id: string,
  content: SpanContent,
): Promise<Static<typeof spanResponse>> {
  const body = { id, log: null, turn: null, call: null };
  switch (content.type) {
    case 'log': {
      const { log } = content;
      const [whole] = await logBodies(workspace, [log], { withTrace: false, rawTurns: true });
      return { ...body, kind: log.version.type as 'agent', log: whole };
    }
    case 'turn':
      return { ...body, kind: 'turn', turn: turnBody(content) };
    case 'call': {
      const { toolCallId, name, arguments: given, result } = content;
      const call = { tool_call_id: toolCallId, name, arguments: given, result };
      return { ...body, kind: 'call', call };
    }
  }
}

function turnBody({
  turn,
  messageIndex,
  request,
}: Extract<SpanContent, { readonly type: 'turn' }>) {
  return {
    number: turn.number,
    message_index: messageIndex,
    message: turn.message,
    results: [...turn.results],
    continuation: turn.continuation && [...turn.continuation],
    finish_reason: turn.finish_reason,
    input_tokens: turn.input_tokens,
    cache_read_tokens: turn.cache_read_tokens,
    cache_write_tokens: turn.cache_write_tokens,
    output_tokens: turn.output_tokens,
    reasoning_tokens: turn.reasoning_tokens,
    request: asObject(request),
    response: asObject(turn.provider_response),
  };
}
