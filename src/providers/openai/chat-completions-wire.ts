import { isRecord } from '../../kernel/json-object.ts';
import { isError } from '../vendor-error.ts';
import { wantedBack } from '../wanted-back.ts';
import type { OwnWire } from '../wire.ts';
import { foldChunks } from './fold-chunks.ts';
import { choicesIn, saidInBody } from './said-in-choices.ts';
import { noteUnread } from './unread-parts.ts';
import { usageIn } from './usage-in-body.ts';

/** The wire format of OpenAI's chat completions, which most servers speak. */
export const chatCompletionsWire: OwnWire = {
  standIn: JSON.stringify({
    choices: [
      { index: 0, message: { role: 'assistant', content: '' }, text: '', finish_reason: 'stop' },
    ],
  }),
  fold: foldChunks,
  wantedBack,
  said: saidInBody,
  usage: usageIn,
  finishReason,
  noteUnread,
  errorIn,
};

function finishReason(body: unknown): string | undefined {
  const reasons = choicesIn(body).map((choice) => {
    const reason = choice['finish_reason'] ?? choice['finishReason'];
    return isRecord(reason) ? reason['type'] : reason;
  });
  return reasons.find((reason): reason is string => typeof reason === 'string' && reason !== '');
}

/**
 * Finish reasons that are failures of the server. DeepSeek:
 * https://api-docs.deepseek.com/api/create-chat-completion; OpenRouter:
 * https://openrouter.ai/docs/api-reference/errors; read in November 2026.
 */
const failures: Readonly<Record<string, string | undefined>> = {
  error: undefined,
  failed: undefined,
  abort: 'the answer was aborted.',
  network_error: 'the answer was interrupted by an error of its network.',
  insufficient_system_resource: 'the answer was interrupted for lack of resources.',
};

/** An error in a choice, in its message or in Groq's field, or that only the finish reason tells. */
function errorIn(body: unknown): object | undefined {
  // An error beside the choices says more.
  if (isError(body)) return undefined;
  const ofGroq = isRecord(body) ? body['x_groq'] : undefined;
  const inChoices = choicesIn(body).flatMap((choice) => [
    choice,
    choice['delta'],
    choice['message'],
  ]);
  const inside = [ofGroq, ...inChoices].find(isError);
  if (isRecord(inside)) return { error: inside['error'] ?? inside };
  const reason = finishReason(body);
  if (reason === undefined || !Object.hasOwn(failures, reason)) return undefined;
  return { error: { type: reason, message: failures[reason] } };
}
