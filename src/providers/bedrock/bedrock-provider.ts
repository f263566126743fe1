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
  return {
    options: { ...thinking.options, ...json.options },
    messages: json.messages,
    warnings: [...thinking.warnings, ...json.warnings],
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
