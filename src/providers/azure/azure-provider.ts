import { withoutSlashes } from '../../kernel/slashes.ts';
import { modelInPath } from '../model-in-path.ts';
import { openaiOwnNames } from '../name-rules.ts';
import { openaiModels } from '../openai/openai-models.ts';
import { type Provider, ProviderFailure } from '../provider.ts';
import { endpointOrigin, isAzureEndpoint } from './endpoint.ts';

const title = 'Azure OpenAI';

/** The endpoint and the key of one Azure resource. */
export interface AzureSettings {
  readonly apiKey: string | undefined;
  /** `https://<resource>.openai.azure.com`; undefined: each call brings its endpoint. */
  readonly endpoint: string | undefined;
  /** The version of the data plane API: `2024-10-21`. */
  readonly apiVersion: string;
}

/**
 * OpenAI's models as deployments of an Azure resource: the model name is the name of the
 * deployment.
 */
export function azureProvider(settings: AzureSettings): Provider {
  const { endpoint } = settings;
  const own = endpointOrigin(endpoint);
  const isOwn = (given: string) => own !== undefined && endpointOrigin(given) === own;
  const takesEndpoint = (given: string) => isOwn(given) || isAzureEndpoint(given);
  return {
    ...(endpoint === undefined ? withoutEndpoint(settings.apiKey) : at(endpoint, settings)),
    takesEndpoint,
    withEndpoint(given) {
      if (!takesEndpoint(given)) return refusing(settings.apiKey);
      // The server's key belongs to the server's resource, and is not sent to any other.
      return at(given, isOwn(given) ? settings : { ...settings, apiKey: undefined });
    },
    withKey(apiKey, given) {
      if (given === null) return azureProvider({ ...settings, apiKey });
      if (!takesEndpoint(given)) return refusing(apiKey);
      return azureProvider({ ...settings, apiKey, endpoint: given });
    },
  };
}

function at(endpoint: string, { apiKey: serverKey, apiVersion }: AzureSettings): Provider {
  const baseURL = `${withoutSlashes(endpoint).replace(/\/openai$/, '')}/openai`;
  const azure = async (options: { apiKey: string; fetch: typeof globalThis.fetch }) => {
    const { createAzure } = await import('@ai-sdk/azure');
    return createAzure({ ...options, baseURL, apiVersion, useDeploymentBasedUrls: true });
  };
  return openaiModels({
    title,
    apiKey: serverKey,
    names: openaiOwnNames,
    chat: async (name, options) => (await azure(options)).chat(modelInPath(name)),
    completion: async (name, options) => (await azure(options)).completion(modelInPath(name)),
  });
}

function withoutEndpoint(apiKey: string | undefined): Provider {
  const message =
    `There is no endpoint for ${title}. Send one as \`provider_api_keys.openai_azure_endpoint\`, ` +
    'set one for your organization at `/v5/provider-keys`, or start the server with ' +
    'AZURE_OPENAI_ENDPOINT.';
  return failing(message, apiKey);
}

function refusing(apiKey: string | undefined): Provider {
  const message =
    'The endpoint is not the address of an Azure resource: ' +
    '`https://<resource>.openai.azure.com`.';
  return failing(message, apiKey);
}

function failing(message: string, apiKey: string | undefined): Provider {
  return {
    title,
    needsKey: true,
    apiKey,
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    async *attempt() {
      throw new ProviderFailure('rejected', message, { origin: title });
    },
  };
}
