/** A request to our API, as a page sends it. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v5/agents/call` */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The method of v5's Python client that sends it, where it has one: `agents.call`. */
  readonly python?: {
    readonly method: string;
    /** Arguments without a name, before those of the body. */
    readonly first?: readonly unknown[];
  };
}

/** A request as text, for one of the tools that people use. Keys are shown as `$API_KEY`, never as they are. */
export interface RequestText {
  readonly name: 'cURL' | 'TypeScript' | 'Python';
  readonly text: string;
}

/** The address of a request. */
export function urlOf({ path, query }: ApiRequest, origin: string): string {
  return `${origin}${path}${query && query.size > 0 ? `?${query}` : ''}`;
}
