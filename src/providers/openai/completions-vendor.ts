import { completionPrompt } from '../completion.ts';
import type { Dialect } from '../dialect.ts';
import type { LanguageModelVendor } from '../language-model.ts';
import type { VendorSettings } from '../package-options.ts';
import type { ModelRequest } from '../provider.ts';
import { completionsWire } from './completions-wire.ts';

/** OpenAI's completion models, which continue a text. */
export function completionsVendor(
  dialect: Dialect,
  model: LanguageModelVendor['model'],
): LanguageModelVendor {
  return {
    dialect,
    wire: completionsWire,
    model,
    settings,
    adaptBody,
  };
}

function settings(request: ModelRequest): VendorSettings {
  const { suffix, logprobs, maxTokens, reasoningEffort, other } = request;
  const warnings: string[] = [];
  if (reasoningEffort !== undefined) {
    warnings.push('Completions do not support reasoning effort; it was left out.');
  }
  if (maxTokens === undefined && other['max_tokens'] === undefined) {
    // https://platform.openai.com/docs/api-reference/completions, read in November 2026.
    warnings.push('OpenAI ends a completion after 16 tokens unless `max_tokens` is given.');
  }
  return {
    options: {
      providerOptions: {
        openai: {
          ...(suffix === undefined ? {} : { suffix }),
          ...(logprobs === undefined ? {} : { logprobs }),
        },
      },
    },
    warnings,
  };
}

/**
 * Restores the prompt and the stop sequences: the package turns the text into a dialogue and adds a
 * stop of its own.
 */
function adaptBody(body: Readonly<Record<string, unknown>>, request: ModelRequest): object {
  const { prompt: _dialogue, stop: _stops, ...rest } = body;
  return {
    ...rest,
    prompt: completionPrompt(request),
    ...(request.stop?.length ? { stop: request.stop } : {}),
  };
}
