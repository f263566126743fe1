import { promptKind } from '../files/kinds/prompt.ts';
import { answerOf, messagesOf } from './conversation.ts';
import { modelSettings } from './model-settings.ts';
import { type NewLog, requestOf } from './new-log.ts';
import type { Span } from './read-spans.ts';
import { numberAt } from './text-value.ts';

/**
 * The log of a model call that the client made itself.
 *
 * Its attributes are those of OpenTelemetry's conventions for models, of which clients have two
 * editions: `gen_ai.prompt.0.content`, and since 2025 `gen_ai.input.messages`, a list in JSON.
 */
export function promptLogOf(span: Span): NewLog {
  const { attributes } = span;
  const { message, finishReason } = answerOf(attributes);
  return {
    kind: promptKind,
    spec: modelSettings(attributes),
    request: {
      ...requestOf(span),
      messages: [...messagesOf(attributes)],
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
