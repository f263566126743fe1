import type { Headers } from 'undici';

/** Makes one HTTP request to the server. */
export type Send = (request: {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Where to, if the server has named another address than its own. */
  readonly to?: string;
  /** Whether its answer lasts as long as the connection, and may be longer than others. */
  readonly isStanding?: true;
}) => Promise<Response>;
