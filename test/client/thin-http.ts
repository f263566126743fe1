/** Fields of a query; a list is sent as its key over and over. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** A request, as the published Python client makes it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the base address, without a slash before it; ids in it are put in as they are. */
  readonly path: string;
  readonly query?: Query | undefined;
  /** An empty one is not sent at all. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** An answer that is not a 2xx, as the published clients throw it. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`status ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * Makes what sends requests and answers with the response, when that is a 2xx.
 *
 * @param baseUrl with `/v5`, without a slash at its end.
 */
export function requester(baseUrl: string, apiKey: string) {
  return async ({ method, path, query = {}, body = {} }: HttpRequest): Promise<Response> => {
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        (value === undefined ? [] : [value].flat()).map((one): [string, string] => [
          name,
          String(one),
        ]),
      ),
    );
    const response = await fetch(`${baseUrl}/${path}${search.size === 0 ? '' : `?${search}`}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'X-API-KEY': apiKey,
        'User-Agent': 'humanloop/0.8.40b6',
        'X-Fern-Language': 'Python',
        'X-Fern-SDK-Name': 'humanloop',
        'X-Fern-SDK-Version': '0.8.40b6',
      },
      ...(Object.keys(body).length === 0 ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new ApiError(response.status, await response.json());
    return response;
  };
}
