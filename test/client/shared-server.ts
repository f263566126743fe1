import { inject } from 'vitest';
import { newApiKey } from '../../src/accounts/keys/api-key.ts';
import { openDatabase } from '../../src/database/database.ts';
import { addOrganization } from '../support/organizations.ts';
import { Requests } from '../support/requests.ts';

/** The server that the tests of clients share, as one organization sees it. */
export class SharedServer extends Requests {
  readonly url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    super();
    this.url = url;
    this.key = key;
  }
}

/** The server for a file of tests, which are alone in their organization. */
export async function sharedServer(): Promise<SharedServer> {
  const { url, database: connection } = inject('serverForClients');
  const key = newApiKey();
  const database = openDatabase(connection, { max: 1 });
  await addOrganization({ database }, key, ['production', 'staging', 'development']);
  await database.close();
  return new SharedServer(url, key);
}
