import { CommandFailure } from '../exit.ts';
import { exitCodes } from './exit-codes.ts';

/** Requests of `eval` to a server. */
export interface EvalApi {
  readonly url: string;
  /** @throws CommandFailure when the server refuses it, or cannot be reached. */
  request<Body>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Body>;
  /** The same for a request that may be a conflict: then its details are returned. */
  requestOrConflict<Body>(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
  ): Promise<Body | Conflict>;
}

/** What the server says of a conflict. */
export interface Conflict {
  readonly code: string;
  readonly evaluation_id?: string;
}

/** How often a request is sent when the server cannot be reached, and how long to wait between. */
const attempts = 3;
const pauseMs = 1_000;

export function evalApi(url: string, key: string): EvalApi {
  async function send(method: string, path: string, body: unknown): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${url}/v5${path}`, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => cause as Error);
      const isDown = response instanceof Error || response.status >= 500;
      // A read may be repeated: the server may be restarting in the middle of a Run.
      if (isDown && method === 'GET' && attempt < attempts) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      } else if (response instanceof Error) {
        throw new CommandFailure(exitCodes.unreachable, `No server answers at ${url}.`, {
          cause: response,
        });
      } else {
        return response;
      }
    }
  }

  async function readOrThrow<Body>(response: Response, path: string): Promise<Body> {
    if (response.ok) return (await response.json()) as Body;
    const code = response.status >= 500 ? exitCodes.unreachable : exitCodes.refused;
    throw new CommandFailure(code, `${path}: ${response.status} ${await reasonIn(response)}`);
  }

  return {
    url,
    request: async (method, path, body) => readOrThrow(await send(method, path, body), path),
    async requestOrConflict<Body>(method: string, path: string, body: unknown) {
      const response = await send(method, path, body);
      return response.status === 409
        ? ((await response.json()) as Conflict)
        : readOrThrow<Body>(response, path);
    },
  };
}

/** The sentences of a refusal. */
async function reasonIn(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as { readonly detail: unknown };
    if (typeof detail === 'string') return detail;
    if (!Array.isArray(detail)) return JSON.stringify(detail);
    return detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join(' ');
  } catch {
    return text.slice(0, 1_000);
  }
}
