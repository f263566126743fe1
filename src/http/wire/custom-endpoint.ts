import type { CustomEndpoint } from '../../custom-endpoints/custom-endpoints.ts';
import { keptHeader } from '../../kernel/request-headers.ts';

/** A custom endpoint as all answers show it: without its key and the values of its headers. */
export function customEndpointBody(endpoint: CustomEndpoint) {
  return {
    name: endpoint.name,
    base_url: endpoint.baseUrl,
    has_key: endpoint.hasKey,
    headers: Object.fromEntries(endpoint.headerNames.map((name) => [name, keptHeader])),
    quirks: endpoint.quirks,
    usable: endpoint.usable,
    created_at: endpoint.createdAt,
    set_at: endpoint.setAt,
    set_by: endpoint.setBy,
  };
}
