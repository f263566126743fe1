import { hashApiKey } from '../../src/accounts/keys/api-key.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Answer, TestApp } from './app.ts';
import { send } from './refusals.ts';

/** A member of an app's organization, with a key of their own. */
export interface Colleague {
  readonly memberId: string;
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
  delete(url: string): Promise<Answer>;
}

/** Adds a member to the organization of an app. */
export async function addColleague(api: TestApp, name: string): Promise<Colleague> {
  const { organizationId } = api.workspace;
  const memberId = newId('usr');
  const key = `the-key-of-${name}`;
  await api.database.pool.query(
    `INSERT INTO member (organization_id, id, email_address, full_name) VALUES ($1, $2, $3, $4)`,
    [organizationId, memberId, `${name}@localhost`, name],
  );
  await api.database.pool.query(
    `INSERT INTO api_key (organization_id, member_id, id, name, hash, hint, origin)
      VALUES ($1, $2, $3, $4, $5, '…', 'made')`,
    [organizationId, memberId, newId('key'), name, hashApiKey(key)],
  );
  const ask = (method: 'GET' | 'POST' | 'DELETE') => (url: string, body?: unknown) =>
    send(api, method, `/v5${url}`, body === undefined ? undefined : JSON.stringify(body), {
      'x-api-key': key,
    });
  return { memberId, get: ask('GET'), post: ask('POST'), delete: ask('DELETE') };
}
