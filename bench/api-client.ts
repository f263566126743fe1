import { Pool } from 'undici';

/** A client of one server that reuses its connections, as SDKs do. */
export interface ApiClient {
  /**
   * @returns the body of a 200, as text: parsing each answer would cost the load more than sending
   *   it.
   */
  post(path: string, body: string): Promise<string>;
  get(path: string): Promise<unknown>;
  /** Sends a POST, and accepts any status. */
  ask(path: string, body: string): Promise<Answer>;
  /** Sends a POST, and yields the `data:` of each event as it arrives. */
  stream(path: string, body: string): AsyncGenerator<string, void>;
  close(): Promise<void>;
}

/** An answer with any status. */
export interface Answer {
  readonly status: number;
  /** Seconds; empty when the header is missing. */
  readonly retryAfter: string;
  readonly text: string;
}

/** @param connections how many requests can be under way at once. */
export function apiClient(
  { url, key }: { readonly url: string; readonly key: string },
  connections: number,
): ApiClient {
  const pool = new Pool(url, { connections, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };

  const request = (method: 'GET' | 'POST', path: string, body?: string) =>
    pool.request({ method, path, headers, body: body ?? null });

  async function send(method: 'GET' | 'POST', path: string, body?: string) {
    const response = await request(method, path, body);
    if (response.statusCode !== 200) {
      throw new Error(`${path}: ${response.statusCode} ${await response.body.text()}`);
    }
    return response.body;
  }

  return {
    post: async (path, body) => (await send('POST', path, body)).text(),
    get: async (path) => (await send('GET', path)).json(),
    async ask(path, body) {
      const { statusCode, headers, body: answer } = await request('POST', path, body);
      const retryAfter = headers['retry-after'];
      return {
        status: statusCode,
        retryAfter: String(retryAfter ?? ''),
        text: await answer.text(),
      };
    },
    async *stream(path, body) {
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of await send('POST', path, body)) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.startsWith('data: ')) yield line.slice(6);
      }
    },
    close: () => pool.close(),
  };
}
