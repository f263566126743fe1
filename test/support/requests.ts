/** An answer over the network, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  readonly body: any;
}

/** Requests to a server that listens. */
export abstract class Requests {
  /** `http://127.0.0.1:5005` */
  abstract readonly url: string;
  /** The API key of its requests. */
  abstract readonly key: string;

  fetch(path: string, init: RequestInit = {}, key = this.key): Promise<Response> {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    return fetch(`${this.url}${path}`, { headers, ...init });
  }

  async get(path: string, key?: string): Promise<Answer> {
    return answerOf(await this.fetch(path, {}, key));
  }

  async post(path: string, body: unknown, key?: string): Promise<Answer> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return answerOf(await this.fetch(path, init, key));
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, body: await response.json() };
}
