import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/client.ts';
import type { CustomEndpoint, ProviderTrial } from '../../api/types.ts';
import { queryClient } from '../../query/query-client.ts';
import type { Vendor } from './vendors.ts';

/** The organization's keys for vendors, without the keys themselves. */
export const providerKeysQuery = queryOptions({
  queryKey: ['provider-keys'],
  queryFn: async ({ signal }) => answered(await api.GET('/v5/provider-keys', { signal })),
});

export async function setProviderKey(
  provider: Vendor,
  key: string,
  endpoint: string,
): Promise<void> {
  const body = { provider, api_key: key, ...(endpoint && { endpoint }) };
  await api.POST('/v5/provider-keys', { body });
  await queryClient.invalidateQueries({ queryKey: providerKeysQuery.queryKey });
}

export async function deleteProviderKey(provider: Vendor): Promise<void> {
  await api.DELETE('/v5/provider-keys/{provider}', { params: { path: { provider } } });
  await queryClient.invalidateQueries({ queryKey: providerKeysQuery.queryKey });
}

/** Makes one cheap call. @param model empty: a small one of the vendor. */
export async function testVendor(provider: Vendor, model: string): Promise<ProviderTrial> {
  const params = { path: { provider } };
  const body = model ? { model } : {};
  return answered(await api.POST('/v5/provider-keys/{provider}/test', { params, body }));
}

/** Model servers of the organization's own. */
export const endpointsQuery = queryOptions({
  queryKey: ['custom-endpoints'],
  queryFn: async ({ signal }) => answered(await api.GET('/v5/custom-endpoints', { signal })),
});

/** What is given of a custom endpoint; what is left out stays as it is. */
export type EndpointChange = {
  readonly base_url: string;
  readonly api_key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks: CustomEndpoint['quirks'];
};

export async function createEndpoint(name: string, change: EndpointChange): Promise<void> {
  const { headers, api_key: key, ...rest } = change;
  await api.POST('/v5/custom-endpoints', {
    body: {
      name,
      ...rest,
      ...(key && { api_key: key }),
      ...(headers && { headers: { ...headers } }),
    },
  });
  await queryClient.invalidateQueries({ queryKey: endpointsQuery.queryKey });
}

export async function changeEndpoint(endpoint: string, change: EndpointChange): Promise<void> {
  const params = { path: { endpoint } };
  const { headers, ...rest } = change;
  const body = { ...rest, ...(headers && { headers: { ...headers } }) };
  await api.PATCH('/v5/custom-endpoints/{endpoint}', { params, body });
  await queryClient.invalidateQueries({ queryKey: endpointsQuery.queryKey });
}

export async function deleteEndpoint(endpoint: string): Promise<void> {
  await api.DELETE('/v5/custom-endpoints/{endpoint}', { params: { path: { endpoint } } });
  await queryClient.invalidateQueries({ queryKey: endpointsQuery.queryKey });
}

export async function testEndpoint(endpoint: string, model: string): Promise<ProviderTrial> {
  const params = { path: { endpoint } };
  return answered(
    await api.POST('/v5/custom-endpoints/{endpoint}/test', { params, body: { model } }),
  );
}
