import { customEndpointBody } from '../wire/custom-endpoint.ts';
import { ada, at } from './examples/files.ts';
import type { OperationText } from './operation-text.ts';

const base_url = 'https://llm.example.com/v1';

const endpoint = customEndpointBody({
  name: 'my-llama',
  baseUrl: base_url,
  hasKey: true,
  headerNames: ['x-team'],
  quirks: { late_system_messages: false },
  usable: true,
  createdAt: at('08:15:00'),
  setAt: at('08:15:00'),
  setBy: ada,
});

/** Texts and examples of the operations on an organization's own model servers. */
export const customEndpointOperations: Readonly<Record<string, OperationText>> = {
  custom_endpoints_list: {
    summary: 'List custom endpoints',
    description:
      'The servers of your organization that speak OpenAI’s API. Their keys and the values of their headers are never shown.',
    returns: 'The custom endpoints, sorted by name.',
    answer: { CustomEndpoints: [endpoint] },
  },
  custom_endpoints_create: {
    summary: 'Create a custom endpoint',
    description:
      'Makes a server known by a name, which versions then name as their `provider`. A key is not needed. The address must be on the public internet, unless the operator of Loopwright allows it.',
    returns: 'The custom endpoint.',
    request: {
      NewCustomEndpoint: {
        name: 'my-llama',
        base_url,
        api_key: 'a-key-of-your-own-server',
        headers: { 'X-Team': 'support' },
        quirks: { late_system_messages: false },
      },
      NewCustomEndpointWithoutKey: { name: 'my-other-llama', base_url },
    },
    answer: { CustomEndpointCreated: endpoint },
    refusals: ['custom_endpoint_exists'],
  },
  custom_endpoints_get: {
    summary: 'Get a custom endpoint',
    description: 'A custom endpoint, without its secrets.',
    returns: 'The custom endpoint.',
    answer: { CustomEndpoint: endpoint },
    refusals: ['custom_endpoint_not_found'],
  },
  custom_endpoints_update: {
    summary: 'Change a custom endpoint',
    description:
      'Changes the fields that are given. A key and headers belong to the server that they were set for: if you change its host or port, send them again, or null. The change applies from the next model call on, and at most a second later on other servers of the same database.',
    returns: 'The custom endpoint as it is now.',
    request: { CustomEndpointChange: { headers: { 'X-Team': 'sales' }, quirks: null } },
    answer: { CustomEndpointChanged: { ...endpoint, quirks: {} } },
    refusals: ['custom_endpoint_not_found'],
  },
  custom_endpoints_delete: {
    summary: 'Delete a custom endpoint',
    description:
      'Deletes a custom endpoint. Versions that name it stay; their calls are refused until there is one of this name again. On other servers of the same database, this takes effect within a second.',
    returns: 'No content.',
    refusals: ['custom_endpoint_not_found'],
  },
  custom_endpoints_test: {
    summary: 'Test a custom endpoint',
    description:
      'Makes one cheap call to a model of the endpoint. It writes no log. What the endpoint refuses is no error here: `ok` is false, and `error` has its words.',
    returns: 'How the call went.',
    request: { CustomEndpointTrial: { model: 'llama-3.3-70b' } },
    answer: {
      CustomEndpointTried: {
        ok: false,
        model: 'llama-3.3-70b',
        latency_ms: 38,
        error: 'The model `llama-3.3-70b` does not exist.',
      },
    },
    refusals: ['custom_endpoint_not_found'],
  },
};
