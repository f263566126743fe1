import { expect } from 'vitest';
import type { Role } from '../../src/contract/accounts.ts';
import type { Server } from '../support/server.ts';

export const password = 'violet umbrella 4711';

/** Somebody who is signed in to a server. */
export interface Person {
  readonly email: string;
  readonly name: string;
  /** The cookie of their session, as a browser keeps it. */
  readonly cookie: Cookie;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly expires: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Lax';
}

/** The link with which a server is set up: it printed it when it started. */
export function setupLink(server: Server): string {
  return /Set up: (\S+)/.exec(server.output())?.[1] ?? '';
}

/** Makes the owner of a server. */
export async function claim(server: Server): Promise<Person> {
  const owner = { email: 'maya@acme.test', name: 'Maya Kern' };
  const cookie = await enter(server, 'setup', {
    token: tokenOf(setupLink(server)),
    organization: 'Acme Bank',
    full_name: owner.name,
    email_address: owner.email,
    password,
  });
  return { ...owner, cookie };
}

/** Makes a member, who was invited and has come. */
export async function newMember(server: Server, role: Role, name: string): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@acme.test`;
  const { body } = await server.post('/v5/invitations', { email_address: email, role });
  const path = `invitation/${tokenOf(body.url)}`;
  return { email, name, cookie: await enter(server, path, { full_name: name, password }) };
}

/** Signs somebody in from another browser. */
export async function signIn(server: Server, person: Person): Promise<Person> {
  const credentials = { email_address: person.email, password };
  return { ...person, cookie: await enter(server, 'sign-in', credentials) };
}

/** Ends the session of somebody, as if it was over. */
export async function endSession(server: Server, { cookie }: Person): Promise<void> {
  const headers = { cookie: `${cookie.name}=${cookie.value}`, origin: server.url };
  await fetch(`${server.url}/v5/auth/sign-out`, { method: 'POST', headers });
}

/** Sends something as somebody who is signed in, from another browser than the test's. */
export async function postAs(
  server: Server,
  { cookie }: Person,
  path: string,
  body: object = {},
): Promise<void> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      cookie: `${cookie.name}=${cookie.value}`,
      origin: server.url,
      'content-type': 'application/json',
    },
  });
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 });
}

/** The token in a link. */
export function tokenOf(link: string): string {
  return link.split('#')[1] ?? '';
}

async function enter(server: Server, path: string, body: object): Promise<Cookie> {
  const response = await server.fetch(`/v5/auth/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect({ path, status: response.status, text: await response.text() }).toMatchObject({
    status: expect.toSatisfy((status: number) => status < 300),
  });
  const [name = '', value = ''] = response.headers.getSetCookie()[0]?.split(/[=;]/, 2) ?? [];
  return {
    ...{ name, value, domain: new URL(server.url).hostname, path: '/' },
    ...{ expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' },
  };
}
