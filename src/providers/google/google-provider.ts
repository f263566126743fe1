import { isRecord } from '../../kernel/json-object.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { modelInPath } from '../model-in-path.ts';
import { googleNames } from '../name-rules.ts';
import type { PackageOptions } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { generateContentWire } from './generate-content-wire.ts';

/**
 * Google's Gemini models, through the Gemini API. The key is sent in a header.
 *
 * @param options.baseUrl `/models/…` is appended to it; undefined: Google's own.
 */
export function googleProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? 'https://generativelanguage.googleapis.com/v1beta';
  const vendor: LanguageModelVendor = {
    dialect: {
      title: 'Google',
      key: 'google',
      hasCompletions: false,
      hasLogprobs: false,
      hasNames: false,
      hasThinking: false,
      hasUnsignedThinking: false,
      hasServerTools: false,
      imageAddresses: 'typed',
      hasImageDetail: false,
      hasImagesInToolResults: true,
      hasLateSystemMessages: false,
      hasEmptyMessages: false,
      hasStrictTools: true,
      hasPenalties: false,
      names: googleNames,
    },
    wire: generateContentWire,
    async model(name, { apiKey, fetch }) {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ apiKey, fetch, baseURL })(modelInPath(name));
    },
    settings: (request) => ({ options: thinkingOptions(request), warnings: [] }),
    adaptBody,
    addOther,
  };
  return languageModelProvider(vendor, options.apiKey);
}

function thinkingOptions({ reasoningEffort: effort }: ModelRequest): PackageOptions {
  if (effort === undefined) return {};
  const google = (thinkingConfig: Readonly<Record<string, number | boolean>>) => ({
    providerOptions: { google: { thinkingConfig } },
  });
  if (typeof effort === 'string')
    return { reasoning: effort, ...google({ includeThoughts: true }) };
  const thinkingBudget = Math.max(0, Math.round(effort));
  return google({ thinkingBudget, includeThoughts: thinkingBudget > 0 });
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Merges adjacent turns of one side, since the results of parallel calls must be in one turn. Wraps
 * arguments that are no object into one, since Google would refuse them.
 */
function adaptBody(body: Fields): object {
  const { contents } = body;
  if (!Array.isArray(contents)) return body;
  const turns: Fields[] = [];
  for (const turn of contents.filter(isRecord)) {
    const parts = partsOf(turn).map(withObjectArguments);
    const last = turns.at(-1);
    if (last !== undefined && last['role'] === turn['role']) {
      turns[turns.length - 1] = { ...last, parts: [...partsOf(last), ...parts] };
    } else {
      turns.push({ ...turn, parts });
    }
  }
  return { ...body, contents: turns };
}

function partsOf({ parts }: Fields): readonly unknown[] {
  return Array.isArray(parts) ? parts : [];
}

function withObjectArguments(part: unknown): unknown {
  if (!isRecord(part) || !isRecord(part['functionCall'])) return part;
  const { functionCall: call } = part;
  return isRecord(call['args'])
    ? part
    : { ...part, functionCall: { ...call, args: { rawInvalidInput: call['args'] } } };
}

/** Adds fields to the body; those of `generationConfig` are merged with the existing ones. */
function addOther(body: Fields, other: Fields): object {
  const { generationConfig: ours } = body;
  const { generationConfig: theirs } = other;
  const both = isRecord(ours) && isRecord(theirs) ? { ...ours, ...theirs } : (theirs ?? ours);
  return { ...body, ...other, generationConfig: both };
}
