import { jsonInWords } from '../ask-for-json.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { modelInPath } from '../model-in-path.ts';
import type { PackageOptions, VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { isRecord } from '../vendor-failure.ts';
import { converseWire } from './converse-wire.ts';
import { bedrockCredentials, bedrockUrl } from './credentials.ts';
import { signed } from './sign.ts';

const title = 'Amazon Bedrock';

/**
 * The models of Amazon Bedrock, through its Converse API.
 *
 * @param options.apiKey in one of the forms that `credentials.ts` reads.
 * @param options.region of keys that name none.
 * @param options.baseUrl what `/model/…` is added to; undefined: Amazon's, in the region.
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
      imageAddresses: 'none',
      hasImageDetail: false,
      hasImagesInToolResults: true,
      hasLateSystemMessages: false,
      hasEmptyMessages: false,
      hasStrictTools: true,
    },
    wire: converseWire,
    async model(name, { apiKey, fetch }) {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      // The package would sign the body before `other` is in it. With a key it does not sign.
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
  const thinking = thinkingOf(request);
  return {
    options: { ...thinking.options, ...json.options },
    messages: json.messages,
    warnings: [...thinking.warnings, ...json.warnings],
  };
}

/** The fewest tokens that Anthropic's models, which alone have a budget, take for one. */
const SMALLEST_BUDGET = 1_024;

function thinkingOf({ reasoningEffort: effort }: ModelRequest): {
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
      ? [`${title} thinks with at least ${SMALLEST_BUDGET} tokens; that was sent.`]
      : [],
  };
}

/**
 * The fields of a request beside the model's own:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
 */
const ofConverse = new Set([
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

/** What Converse does not know itself goes to the model, as it takes it. */
function addOther(
  body: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): object {
  const fields = Object.entries(other);
  const ownFields = Object.fromEntries(fields.filter(([name]) => ofConverse.has(name)));
  const modelFields = Object.fromEntries(fields.filter(([name]) => !ofConverse.has(name)));
  const whole: Readonly<Record<string, unknown>> = { ...body, ...ownFields };
  if (Object.keys(modelFields).length === 0) return whole;
  const before = whole['additionalModelRequestFields'];
  return {
    ...whole,
    additionalModelRequestFields: { ...(isRecord(before) ? before : {}), ...modelFields },
  };
}
