import type { StreamFold, Wire } from '../language-model.ts';
import { remainder, tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/** The wire format of the second version of Cohere's chat API. */
export const cohereWire: Wire = {
  streamEnd:
    /(?:^|\n)(?:event: ?message-end\r?\ndata:|data: ?\{"type": ?"message-end")[^\n]*\n\r?\n/,
  fold: foldEvents,
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
  canIgnore: (chunk) => isRecord(chunk) && !knownEvents.has(String(chunk['type'])),
  errorIn,
};

const knownEvents = new Set([
  'undefined',
  'message-start',
  'content-start',
  'content-delta',
  'content-end',
  'tool-plan-delta',
  'tool-call-start',
  'tool-call-delta',
  'tool-call-end',
  'citation-start',
  'citation-end',
  'message-end',
  'error',
]);

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
  if (!isRecord(chunk)) return undefined;
  const end = chunk['type'] === 'message-end' && isRecord(chunk['delta']) ? chunk['delta'] : chunk;
  const { finish_reason: reason, error } = end;
  if (reason !== 'ERROR' && reason !== 'TIMEOUT') return undefined;
  const message = typeof error === 'string' ? error : `it finished with \`${reason}\`.`;
  return { error: { type: reason, message } };
}

type Fields = Readonly<Record<string, unknown>>;

function foldEvents(): StreamFold {
  let top: Fields = {};
  let message: Fields = {};
  let end: Fields = {};
  const content: Fields[] = [];
  const calls: Fields[] = [];
  const citations: unknown[] = [];

  function addToCall(more: unknown) {
    const last = calls.pop();
    if (last === undefined || !isRecord(last['function'])) return;
    const piece = isRecord(more) && isRecord(more['function']) ? more['function'] : {};
    const text = `${last['function']['arguments'] ?? ''}${piece['arguments'] ?? ''}`;
    calls.push({ ...last, function: { ...last['function'], arguments: text } });
  }

  return {
    add(event) {
      if (!isRecord(event)) return;
      const { type, delta: given, ...ofEvent } = event;
      const delta = isRecord(given) ? given : {};
      const said = isRecord(delta['message']) ? delta['message'] : {};
      switch (type) {
        case 'message-start':
          top = ofEvent;
          message = said;
          break;
        case 'content-start':
          content.push(isRecord(said['content']) ? said['content'] : {});
          break;
        case 'content-delta':
          content.push(joined(content.pop() ?? {}, said['content']));
          break;
        case 'tool-plan-delta':
          message = joined(message, { tool_plan: said['tool_plan'] });
          break;
        case 'tool-call-start':
          if (isRecord(said['tool_calls'])) calls.push(said['tool_calls']);
          break;
        case 'tool-call-delta':
          addToCall(said['tool_calls']);
          break;
        case 'citation-start':
          citations.push(said['citations']);
          break;
        case 'message-end':
          end = delta;
          break;
      }
    },
    body: () => ({
      ...top,
      message: {
        ...message,
        content,
        ...(calls.length > 0 && { tool_calls: calls }),
        ...(citations.length > 0 && { citations }),
      },
      ...end,
    }),
  };
}

/** Appends texts to the fields of the same name. */
function joined(before: Fields, more: unknown): Fields {
  if (!isRecord(more)) return before;
  const texts = Object.entries(more).filter(([, value]) => typeof value === 'string');
  return {
    ...before,
    ...Object.fromEntries(texts.map(([key, text]) => [key, `${before[key] ?? ''}${text}`])),
  };
}
