import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { isRecord } from '../kernel/json-object.ts';
import { inabilities } from './completion.ts';
import type { Dialect } from './dialect.ts';
import { modelPrompt } from './model-prompt.ts';
import type { ModelRequest, PromptMessage } from './provider.ts';

/** Call options of a package; undefined is the same as absent. */
export type PackageOptions = {
  readonly [Name in keyof LanguageModelV4CallOptions]?:
    | LanguageModelV4CallOptions[Name]
    | undefined;
};

/** Options for a vendor's package that extend or replace those of the request. */
export interface VendorSettings {
  readonly options: PackageOptions;
  /** Replaces the messages of the request. */
  readonly messages?: readonly PromptMessage[];
  readonly warnings: readonly string[];
}

/** The request in the form that every package takes, with the vendor's own settings. */
export function packageOptions(
  request: ModelRequest,
  settings: VendorSettings,
  dialect: Dialect,
): { readonly options: LanguageModelV4CallOptions; readonly warnings: readonly string[] } {
  const messages = settings.messages ?? request.messages;
  const { prompt, warnings: ofPrompt } = modelPrompt(messages, dialect);
  const options = {
    prompt,
    maxOutputTokens: request.maxTokens,
    temperature: request.temperature,
    topP: request.topP,
    stopSequences: request.stop?.length ? [...request.stop] : undefined,
    presencePenalty: penalty(request.presencePenalty, dialect),
    frequencyPenalty: penalty(request.frequencyPenalty, dialect),
    seed: request.seed,
    responseFormat: toPackageResponseFormat(request),
    tools: request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.parameters ?? { type: 'object', properties: {} },
      ...(typeof tool.strict === 'boolean' && dialect.hasStrictTools
        ? { strict: tool.strict }
        : {}),
    })),
    toolChoice: toPackageToolChoice(request),
    ...settings.options,
  } satisfies PackageOptions;
  return {
    options: withoutUndefined(options),
    warnings: [
      ...inabilities(request, dialect),
      ...ofPrompt,
      ...strictWarnings(request, dialect),
      ...settings.warnings,
    ],
  };
}

function penalty(given: number | undefined, { hasPenalties }: Dialect): number | undefined {
  return given === 0 && !hasPenalties ? undefined : given;
}

function strictWarnings({ tools }: ModelRequest, { title, hasStrictTools }: Dialect): string[] {
  return hasStrictTools || !tools.some((tool) => tool.strict === true)
    ? []
    : [`${title} does not support strict tools; \`strict\` was left out.`];
}

function withoutUndefined(options: PackageOptions): LanguageModelV4CallOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as LanguageModelV4CallOptions;
}

function toPackageToolChoice({
  toolChoice,
  tools,
}: ModelRequest): LanguageModelV4CallOptions['toolChoice'] {
  if (toolChoice === undefined || tools.length === 0) return undefined;
  return typeof toolChoice === 'string'
    ? { type: toolChoice }
    : { type: 'tool', toolName: toolChoice.function.name };
}

function toPackageResponseFormat(
  request: ModelRequest,
): LanguageModelV4CallOptions['responseFormat'] {
  if (request.responseFormat === undefined) return undefined;
  const { schema, name, description } = requestedSchema(request) ?? {};
  return {
    type: 'json',
    ...(schema && { schema }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}

/**
 * The JSON Schema that an answer must fit. Clients send it bare, or in OpenAI's wrapper: `{ name,
 * schema, strict }`.
 */
export function requestedSchema({ responseFormat }: ModelRequest):
  | {
      readonly schema: Readonly<Record<string, unknown>>;
      readonly name?: string | undefined;
      readonly description?: string | undefined;
      readonly strict?: boolean | undefined;
    }
  | undefined {
  const given = responseFormat?.json_schema;
  if (responseFormat?.type !== 'json_schema' || !given) return undefined;
  const { schema, name, description, strict } = given;
  if (!isRecord(schema)) return { schema: given };
  return {
    schema,
    name: typeof name === 'string' ? name : undefined,
    description: typeof description === 'string' ? description : undefined,
    strict: typeof strict === 'boolean' ? strict : undefined,
  };
}
