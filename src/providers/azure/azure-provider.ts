import { createAzure } from '@ai-sdk/azure';
import { modelInPath } from '../model-in-path.ts';
import { openaiModels } from '../openai/openai-models.ts';
import { type Provider, ProviderFailure } from '../provider.ts';
import { endpointOrigin, isAzureEndpoint } from './endpoint.ts';

const title = 'Azure OpenAI';

/** Where and how one Azure resource is called. */
export interface AzureSettings {
  readonly apiKey: string | undefined;
  /** `https://<resource>.openai.azure.com`; undefined: calls bring theirs. */
  readonly endpoint: string | undefined;
  /** Of the data plane: `2024-10-21`. */
  readonly apiVersion: string;
}

/** OpenAI's models as deployments of an Azure resource: the name of the model is the deployment's. */
export function azureProvider(settings: AzureSettings): Provider {
  const { endpoint } = settings;
  return {
    ...(endpoint === undefined ? withoutEndpoint(settings.apiKey) : at(endpoint, settings)),
    withEndpoint(given) {
      const own = endpointOrigin(endpoint);
      if (own !== undefined && endpointOrigin(given) === own) return at(given, settings);
      if (!isAzureEndpoint(given)) return refusing(settings.apiKey);
      // The server's key is for the server's resource, and goes to no other.
      return at(given, { ...settings, apiKey: undefined });
    },
  };
}

function at(endpoint: string, { apiKey: serverKey, apiVersion }: AzureSettings): Provider {
  const baseURL = `${endpoint.replace(/\/+$/, '').replace(/\/openai$/, '')}/openai`;
  const azure = (options: { apiKey: string; fetch: typeof globalThis.fetch }) =>
    createAzure({ ...options, baseURL, apiVersion, useDeploymentBasedUrls: true });
  return openaiModels({
    title,
    apiKey: serverKey,
    chat: (name, options) => azure(options).chat(modelInPath(name)),
    completion: (name, options) => azure(options).completion(modelInPath(name)),
  });
}

function withoutEndpoint(apiKey: string | undefined): Provider {
  const message =
    `There is no endpoint for ${title}. Send one as \`provider_api_keys.openai_azure_endpoint\`, ` +
    'or start the server with AZURE_OPENAI_ENDPOINT.';
  return failing(message, apiKey);
}

function refusing(apiKey: string | undefined): Provider {
  const message =
    '`provider_api_keys.openai_azure_endpoint` is no address of an Azure resource: ' +
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
