import { withoutSlashes } from '../../kernel/slashes.ts';
import { jsonInWords } from '../ask-for-json.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { anthropicNames } from '../name-rules.ts';
import type { PackageOptions, VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { messagesWire } from './messages-wire.ts';

const ANTHROPIC_URL = 'https://api.anthropic.com';

/**
 * Anthropic's models.
 *
 * @param options.baseUrl with or without `/v1` at its end; undefined: Anthropic's own.
 */
export function anthropicProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const server = withoutSlashes(options.baseUrl ?? ANTHROPIC_URL);
  const baseURL = server.endsWith('/v1') ? server : `${server}/v1`;
  const vendor: LanguageModelVendor = {
    dialect: {
      title: 'Anthropic',
      key: 'anthropic',
      hasCompletions: false,
      hasLogprobs: false,
      hasNames: false,
      hasThinking: true,
      hasUnsignedThinking: false,
      hasServerTools: true,
      imageAddresses: 'plain',
      hasImageDetail: false,
      hasImagesInToolResults: true,
      hasLateSystemMessages: false,
      hasEmptyMessages: false,
      hasStrictTools: true,
      hasPenalties: false,
      names: anthropicNames,
    },
    wire: messagesWire,
    async model(name, { apiKey, fetch }) {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ apiKey, fetch, baseURL })(name);
    },
    settings,
  };
  return languageModelProvider(vendor, options.apiKey);
}

function settings(request: ModelRequest): VendorSettings {
  const thinking = thinkingSettings(request);
  const json = jsonInWords(request, 'Anthropic');
  return {
    options: {
      ...thinking.options,
      maxOutputTokens: request.maxTokens ?? thinking.outputTokens(outputLimit(request.model)),
      ...json.options,
    },
    messages: json.messages,
    warnings: [...thinking.warnings, ...json.warnings],
  };
}

/** The smallest token budget that Anthropic accepts, from its page on extended thinking. */
const SMALLEST_BUDGET = 1_024;

interface Thinking {
  readonly options: PackageOptions;
  readonly warnings: readonly string[];
  /**
   * `max_tokens` without the thinking budget: the package adds the two, and Anthropic limits the
   * sum.
   */
  outputTokens(limit: number): number | undefined;
}

function thinkingSettings({ reasoningEffort: effort }: ModelRequest): Thinking {
  if (effort === undefined) return thinking(undefined);
  if (typeof effort === 'string') {
    const warning = `Anthropic takes a number of thinking tokens; \`${effort}\` was converted to one.`;
    const plain = thinking(undefined, warning);
    // The package translates the word for each model, and computes what remains for the answer.
    return {
      ...plain,
      options: { ...plain.options, reasoning: effort },
      outputTokens: () => undefined,
    };
  }
  if (effort <= 0) return thinking({ type: 'disabled' });
  const budgetTokens = Math.max(SMALLEST_BUDGET, Math.round(effort));
  const warning = `Anthropic needs at least ${SMALLEST_BUDGET} thinking tokens; that number was sent.`;
  return {
    ...thinking({ type: 'enabled', budgetTokens }, ...(effort < SMALLEST_BUDGET ? [warning] : [])),
    outputTokens: (limit) => limit - Math.min(budgetTokens, limit / 2),
  };
}

function thinking(
  thinking: Readonly<Record<string, string | number>> | undefined,
  ...warnings: readonly string[]
): Thinking {
  return {
    // Streamed tool input is not validated by Anthropic, and we only use it when it is complete.
    options: {
      providerOptions: { anthropic: { toolStreaming: false, ...(thinking && { thinking }) } },
    },
    warnings,
    outputTokens: (limit) => limit,
  };
}

/**
 * The most tokens that a model can write. Anthropic requires a number in each request, and refuses
 * a larger one. From the table at https://platform.claude.com/docs/en/about-claude/models, read in
 * November 2026; the first name that matches is used.
 */
const outputLimits: readonly (readonly [RegExp, number])[] = [
  [/claude-3-5-/, 8_192],
  [/claude-3-7-/, 64_000],
  [/claude-(?:3-|2|v2|instant)/, 4_096],
  [/claude-opus-4(?:-0|-1|-2\d{7}|@|$)/, 32_000],
  [/claude-(?:opus|sonnet|haiku)-4(?:-0|-5|-2\d{7}|@|$)/, 64_000],
  [/claude-/, 128_000],
];

function outputLimit(model: string): number {
  // Not a Claude model, so another server's, whose limit is unknown.
  return outputLimits.find(([name]) => name.test(model))?.[1] ?? 4_096;
}
