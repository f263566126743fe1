import { HumanloopClient } from 'humanloop';
import { afterEach, expect, vi } from 'vitest';
import type { Requests } from '../support/requests.ts';
import { sharedServer } from './shared-server.ts';

/** The client that npm carries, as it is, and the server that it talks to. */
export interface PublishedClient {
  readonly server: Requests;
  readonly humanloop: HumanloopClient;
  /** Requests that it sent since this was last asked, as `GET /v5/prompts`. */
  requests(): readonly string[];
  /** What it said since this was last asked of answers that are not as it expects. */
  misfits(): readonly string[];
}

/**
 * A server for a test file, with a client.
 *
 * The client bears an answer that it does not understand: it hands that over as it came, and says so
 * to the console. Here that fails the test that asked, unless the test has looked at it itself.
 */
export async function publishedClient(): Promise<PublishedClient> {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const fetched = vi.spyOn(globalThis, 'fetch');
  const misfits = () => warned.mock.calls.splice(0).map(([text]) => String(text));
  afterEach(() => expect(misfits()).toEqual([]));

  const server = await sharedServer();
  return {
    server,
    humanloop: new HumanloopClient({ apiKey: server.key, baseUrl: `${server.url}/v5` }),
    requests: () =>
      fetched.mock.calls.splice(0).map(([url, init]) => {
        return `${init?.method ?? 'GET'} ${new URL(String(url)).pathname}`;
      }),
    misfits,
  };
}
