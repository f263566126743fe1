import { describe, expect, test } from 'vitest';
import type { Route } from '../../support/answer-check.ts';
import { testApp } from '../../support/app.ts';
import { isReplayed, sendKeyed, withoutCounters } from '../../support/keyed-requests.ts';
import { type Everything, makeEverything } from '../../support/one-of-everything.ts';
import { rowsOf } from '../../support/organizations.ts';
import { expectRefusal } from '../../support/refusals.ts';
import {
  publishedDocument,
  sendRequest,
  type ValidRequest,
  validRequests,
} from '../../support/valid-requests.ts';

const api = await testApp();
const document = await publishedDocument(api);
const { organizationId } = api.workspace;

/** Every write of the document; on things of their own, so that none is in the way of another. */
const requests: ValidRequest[] = [];
/**
 * Their answers have a secret that is shown once, or their bodies a password; or they end runs, which is
 * not one transaction; or they delete what keeps the answers; or they change nothing and answer with a text.
 */
const unkeyed = [
  'agents_serialize_fields',
  'api_keys_create',
  'api_keys_delete',
  'api_keys_rotate',
  'auth_accept_invitation',
  'auth_reset_password',
  'auth_set_up',
  'auth_sign_in',
  'auth_sign_out',
  'invitations_create',
  'invitations_renew',
  'me_update',
  'members_reset',
  'organization_delete',
  'prompts_serialize_fields',
];
const isKeyed = ({ method, operation }: Route) =>
  method !== 'GET' && !unkeyed.includes(operation.operationId);
const writes = document.routes.filter(isKeyed);
for (const [root, routes] of Map.groupBy(writes, groupOf)) {
  const everything = await makeEverything(api, root);
  const described = { ...document, routes: routes.toSorted(innerFirst) };
  requests.push(
    ...validRequests(described, everything).map((request) => ended(request, everything)),
  );
}

/** What is to be cancelled has to have a run. */
function ended(request: ValidRequest, { suspended }: Everything): ValidRequest {
  if (request.route.operation.operationId !== 'logs_cancel') return request;
  return { ...request, params: { log_id: suspended.logId } };
}

function groupOf({ method, operation }: Route): string {
  return `${operation.tags[0]}-${method}`;
}

/** What belongs to something is deleted before it. */
function innerFirst(a: Route, b: Route): number {
  return a.method === 'DELETE' ? b.path.length - a.path.length : 0;
}

test('every operation that writes takes a key, and none that reads', () => {
  for (const route of document.routes) {
    const { name, operation } = route;
    const takes = operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false;
    expect(takes, name).toBe(isKeyed(route));
  }
});

const asItIs = (body: unknown) => body;

describe.each(requests)('$name', (request) => {
  const headers = { 'idempotency-key': `key of ${request.name}` };

  test('the same with the same key changes nothing more, and has the first answer again', async () => {
    const first = await sendRequest(api, request, { headers });
    expect(first.statusCode, JSON.stringify(first.body)).toBeLessThan(300);
    expect(isReplayed(first)).toBe(false);
    const before = await rowsOf(api, organizationId);
    const again = await sendRequest(api, request, { headers });
    expect(again.statusCode).toBe(first.statusCode);
    const isStream = String(first.headers['content-type']).startsWith('text/event-stream');
    const [told, toldAgain] = [first.body, again.body].map(isStream ? withoutCounters : asItIs);
    expect(toldAgain).toEqual(told);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(isReplayed(again)).toBe(true);
    expect(await rowsOf(api, organizationId)).toEqual(before);
  });

  test('another request with the key is refused', async () => {
    const before = await rowsOf(api, organizationId);
    const url = '/directories/dir_of_nobody';
    const other = await sendKeyed(api, headers['idempotency-key'], 'DELETE', url);
    expectRefusal(other, 409);
    expect(other.body.code).toBe('idempotency_key_reused');
    expect(await rowsOf(api, organizationId)).toEqual(before);
  });
});
