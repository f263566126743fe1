import { isRecord } from '../../kernel/json-object.ts';
import { type Said, saidInAll } from '../said.ts';
import { remainder, tokenCount } from '../token-count.ts';
import type { OwnWire } from '../wire.ts';
import { foldEvents } from './fold-events.ts';
import { callsOf, contentOf } from './message-parts.ts';

/** The wire format of the second version of Cohere's chat API. */
export const cohereWire: OwnWire = {
  standIn: JSON.stringify({
    message: { role: 'assistant', content: [] },
    finish_reason: 'COMPLETE',
    usage: { tokens: { input_tokens: 0, output_tokens: 0 } },
  }),
  fold: foldEvents,
  isEnd: (event) => isRecord(event) && event['type'] === 'message-end',
  said,
  usage(body) {
    const { input, output } = billedTokens(body);
    const cacheReadTokens = tokenCount(body, 'usage', 'cached_tokens');
    return {
      inputTokens: remainder(input, cacheReadTokens),
      cacheReadTokens,
      cacheWriteTokens: null,
      outputTokens: output,
      reasoningTokens: null,
    };
  },
  finishReason(body) {
    const { finish_reason: reason } = endIn(body);
    return typeof reason === 'string' && reason !== '' ? reason : undefined;
  },
  wantedBack(body) {
    const { tool_plan: plan } = messageIn(body);
    if (typeof plan !== 'string' || plan === '') return undefined;
    return { type: 'wanted-back', message: { tool_plan: plan }, calls: [] };
  },
  noteUnread(body, note) {
    for (const { type, text, thinking } of contentOf(messageIn(body))) {
      if (typeof text !== 'string' && typeof thinking !== 'string') {
        note(`a part of the unknown kind \`${String(type)}\``);
      }
    }
  },
  errorIn,
};

type Fields = Readonly<Record<string, unknown>>;

function messageIn(body: unknown): Fields {
  return isRecord(body) && isRecord(body['message']) ? body['message'] : {};
}

/** A plan of calls is thinking that has a place of its own. */
function said(body: unknown): Said {
  const message = messageIn(body);
  return saidInAll([
    ...contentOf(message).map(({ text, thinking }) => ({
      text: asText(text),
      reasoning: asText(thinking),
    })),
    { reasoning: asText(message['tool_plan']) },
    ...callsOf(message).map((call) => ({ call })),
  ]);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The billed tokens. `tokens` would also count what Cohere adds itself. */
function billedTokens(body: unknown) {
  const [billed, all] = (['billed_units', 'tokens'] as const).map((kind) => ({
    input: tokenCount(body, 'usage', kind, 'input_tokens'),
    output: tokenCount(body, 'usage', kind, 'output_tokens'),
  }));
  return {
    input: billed?.input ?? all?.input ?? null,
    output: billed?.output ?? all?.output ?? null,
  };
}

/** Cohere reports its own failures as a finish reason: https://docs.cohere.com/reference/chat. */
function errorIn(chunk: unknown): object | undefined {
  const { finish_reason: reason, error } = endIn(chunk);
  if (reason !== 'ERROR' && reason !== 'TIMEOUT') return undefined;
  const message = typeof error === 'string' ? error : `it finished with \`${reason}\`.`;
  return { error: { type: reason, message } };
}

/** The end of an answer: of a body, or of the last event. */
function endIn(given: unknown): Fields {
  if (!isRecord(given)) return {};
  return given['type'] === 'message-end' && isRecord(given['delta']) ? given['delta'] : given;
}
