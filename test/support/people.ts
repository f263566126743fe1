import type { LightMyRequestResponse } from 'fastify';
import { makeSetupLink } from '../../src/accounts/first-start/claim.ts';
import type { Role } from '../../src/contract/accounts.ts';
import { type Answer, apiKey, type TestApp } from './app.ts';

export const password = 'violet umbrella 4711';

/** Somebody with a browser: what it sends comes from a page of the server. */
export interface Person {
  readonly email: string;
  readonly memberId: string;
  /** The cookie of the session: `lw_session=…`. */
  readonly cookie: string;
  send(method: Method, url: string, body?: object, headers?: Headers): Promise<Answer>;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Headers = Readonly<Record<string, string>>;

/** A request without a key, from a page of the server. */
export async function browse(
  { app }: Pick<TestApp, 'app'>,
  method: Method,
  url: string,
  body?: object,
  headers: Headers = {},
): Promise<Answer & { readonly cookie: string | undefined }> {
  const response = await app.inject({
    method,
    url: `/v5${url}`,
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  const { statusCode, headers: answered, body: text } = response;
  return {
    statusCode,
    headers: answered,
    body: text === '' ? text : JSON.parse(text),
    cookie: cookieOf(response),
  };
}

/** The cookie that an answer sets, as a browser sends it back; undefined: it sets none. */
export function cookieOf({ headers }: Pick<LightMyRequestResponse, 'headers'>): string | undefined {
  const set = headers['set-cookie'];
  return set === undefined ? undefined : String(set).split(';', 1).join();
}

/** Sets a server up. */
export async function newOwner(api: TestApp, email = 'ada@example.com'): Promise<Person> {
  const link = await makeSetupLink(api.workspace);
  if (!link) throw new Error('There is an owner already.');
  const token = tokenOf(link.path);
  const body = { token, email_address: email, password, full_name: 'Ada' };
  return personOf(api, email, await browse(api, 'POST', '/auth/setup', body));
}

/** Somebody who was invited by the server's first key, and has accepted. */
export async function newMember(api: TestApp, role: Role, email = `${role}@example.com`) {
  const invitation = { email_address: email, role };
  const { body } = await browse(api, 'POST', '/invitations', invitation, { 'x-api-key': apiKey });
  const accepted = { full_name: role, password };
  const url = `/auth/invitation/${tokenOf(body.url)}`;
  return personOf(api, email, await browse(api, 'POST', url, accepted));
}

/** Signs in from another browser. */
export async function signedIn(api: TestApp, email: string): Promise<Person> {
  const body = { email_address: email, password };
  return personOf(api, email, await browse(api, 'POST', '/auth/sign-in', body));
}

/** The token in a link. */
export function tokenOf(url: string): string {
  return url.split('#')[1] ?? '';
}

function personOf(
  api: TestApp,
  email: string,
  { statusCode, body, cookie = '' }: Awaited<ReturnType<typeof browse>>,
): Person {
  if (statusCode >= 300) throw new Error(JSON.stringify(body));
  return {
    email,
    memberId: body.member.id,
    cookie,
    send: (method, url, body, headers) => browse(api, method, url, body, { cookie, ...headers }),
  };
}
