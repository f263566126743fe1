import { isRecord } from '../../kernel/json-object.ts';
import { jsonInWords } from '../ask-for-json.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { modelInPath } from '../model-in-path.ts';
import { bedrockNames } from '../name-rules.ts';
import type { PackageOptions, VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { converseWire } from './converse-wire.ts';
import { bedrockCredentials, bedrockUrl } from './credentials.ts';
import { signed } from './sign.ts';

const title = 'Amazon Bedrock';

/**
 * The models of Amazon Bedrock, through its Converse API.
 *
 * @param options.apiKey in one of the forms that `credentials.ts` reads.
 * @param options.region for keys that name no region.
 * @param options.baseUrl `/model/…` is appended to it; undefined: Amazon's URL for the region.
 */
export function bedrockProvider(options: {
  readonly apiKey: string | undefined;
  readonly region: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const inRegion = (apiKey: string) => {
    const { credentials, region = options.region ?? '' } = bedrockCredentials(apiKey);
    return { credentials, region, url: options.baseUrl ?? bedrockUrl(region) };
  };
  const vendor: LanguageModelVendor = {
    dialect: {
      title,
      key: 'bedrock',
      hasCompletions: false,
      hasLogprobs: false,
      hasNames: false,
      hasThinking: true,
      hasUnsignedThinking: false,
      hasServerTools: false,
      imageAddresses: 'none',
      hasImageDetail: false,
      hasImagesInToolResults: true,
      hasLateSystemMessages: false,
      hasEmptyMessages: false,
      hasStrictTools: true,
      hasPenalties: false,
      names: bedrockNames,
    },
    wire: converseWire,
    async model(name, { apiKey, fetch }) {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      // With a key the package does not sign. It would sign too early, before `other` is in the
      // body.
      const bedrock = createAmazonBedrock({
        apiKey: 'signed-later',
        baseURL: inRegion(apiKey).url,
        fetch,
      });
      return bedrock(modelInPath(name));
    },
    sign(request, apiKey) {
      const { credentials, region } = inRegion(apiKey);
      return signed(request, credentials, region);
    },
    settings,
    addOther,
  };
  return {
    ...languageModelProvider(vendor, options.apiKey),
    keyFault(apiKey) {
      try {
        inRegion(apiKey);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : undefined;
      }
    },
  };
}

function settings(request: ModelRequest): VendorSettings {
  const json = jsonInWords(request, title);
  const thinking = thinkingSettings(request);
  const earlier = earlierTools(request);
  const sampling = samplingSettings(request);
  return {
    options: { ...thinking.options, ...json.options, ...earlier.options, ...sampling.options },
    messages: json.messages,
    warnings: [...thinking.warnings, ...json.warnings, ...earlier.warnings, ...sampling.warnings],
  };
}

/**
 * Anthropic's newer models refuse a temperature beside a `top_p`. One of 1 changes nothing, and
 * stands in most versions that were written as text.
 */
function samplingSettings({ model, temperature, topP }: ModelRequest): {
  readonly options: PackageOptions;
  readonly warnings: readonly string[];
} {
  const isRefused = /claude/.test(model) && temperature !== undefined && topP === 1;
  if (!isRefused) return { options: {}, warnings: [] };
  const warning = `${title} takes a temperature or a \`top_p\`; the \`top_p\` of 1 was left out.`;
  return { options: { topP: undefined }, warnings: [warning] };
}

/**
 * The tools of earlier calls, where a request has none. Bedrock refuses calls and results beside no
 * tools, so the package would leave them out, and the model would not know what its tools said.
 */
function earlierTools({ messages, tools, toolChoice }: ModelRequest): {
  readonly options: PackageOptions;
  readonly warnings: readonly string[];
} {
  const calls = messages.flatMap(({ message }) => message.tool_calls ?? []);
  if (calls.length === 0) return { options: {}, warnings: [] };
  if (tools.length > 0 && toolChoice !== 'none') return { options: {}, warnings: [] };
  if (tools.length > 0) {
    const warning = `${title} cannot forbid calls after earlier ones; \`tool_choice\` was left out.`;
    return { options: { toolChoice: undefined }, warnings: [warning] };
  }
  const names = [...new Set(calls.map((call) => call.function.name))];
  return {
    options: {
      tools: names.map((name) => ({
        type: 'function',
        name,
        description: 'No longer offered: a call of it is refused.',
        inputSchema: { type: 'object' },
      })),
    },
    warnings: [`${title} takes no earlier calls without tools; theirs were named to it.`],
  };
}

/** The smallest budget that Anthropic's models accept; no other models have a budget. */
const SMALLEST_BUDGET = 1_024;

function thinkingSettings({ reasoningEffort: effort }: ModelRequest): {
  readonly options: PackageOptions;
  readonly warnings: readonly string[];
} {
  if (typeof effort !== 'number') return { options: { reasoning: effort }, warnings: [] };
  const budgetTokens = Math.max(SMALLEST_BUDGET, Math.round(effort));
  const reasoningConfig = effort <= 0 ? { type: 'disabled' } : { type: 'enabled', budgetTokens };
  const isRaised = effort > 0 && effort < SMALLEST_BUDGET;
  return {
    options: { providerOptions: { bedrock: { reasoningConfig } } },
    warnings: isRaised
      ? [`${title} needs at least ${SMALLEST_BUDGET} thinking tokens; that number was sent.`]
      : [],
  };
}

/**
 * The request fields of Converse itself; other fields are the model's:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
 */
const converseFields = new Set([
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'guardrailConfig',
  'inferenceConfig',
  'messages',
  'outputConfig',
  'performanceConfig',
  'promptVariables',
  'requestMetadata',
  'serviceTier',
  'system',
  'toolConfig',
]);

/** Adds `other` to the body. Fields that Converse does not have are passed on to the model. */
function addOther(
  body: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): object {
  const fields = Object.entries(other);
  const ownFields = Object.fromEntries(fields.filter(([name]) => converseFields.has(name)));
  const modelFields = Object.fromEntries(fields.filter(([name]) => !converseFields.has(name)));
  const whole: Readonly<Record<string, unknown>> = { ...body, ...ownFields };
  if (Object.keys(modelFields).length === 0) return whole;
  const before = whole['additionalModelRequestFields'];
  return {
    ...whole,
    additionalModelRequestFields: { ...(isRecord(before) ? before : {}), ...modelFields },
  };
}
