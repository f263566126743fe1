import { promptKind } from '../files/kinds/prompt.ts';
import { readAnswer, readMessages } from './conversation.ts';
import { modelSettings } from './model-settings.ts';
import { type NewLog, toLogRequest } from './new-log.ts';
import type { Span } from './read-spans.ts';
import { numberAt } from './text-value.ts';

/**
 * The log of a model call that the client made itself.
 *
 * The attributes follow OpenTelemetry's conventions for models, in either of two editions:
 * `gen_ai.prompt.0.content`, or since 2025 `gen_ai.input.messages`, a JSON list.
 */
export function readPromptLog(span: Span): NewLog {
  const { attributes } = span;
  const { message, finishReason } = readAnswer(attributes);
  return {
    kind: promptKind,
    spec: modelSettings(attributes),
    request: {
      ...toLogRequest(span),
      messages: [...readMessages(attributes)],
      output_message: message,
      finish_reason: finishReason,
      prompt_tokens: numberAt(
        attributes,
        'gen_ai.usage.input_tokens',
        'gen_ai.usage.prompt_tokens',
      ),
      output_tokens: numberAt(
        attributes,
        'gen_ai.usage.output_tokens',
        'gen_ai.usage.completion_tokens',
      ),
      reasoning_tokens: numberAt(attributes, 'gen_ai.usage.reasoning_tokens'),
    },
  };
}
