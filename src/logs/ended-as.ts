import type { LogTable } from '../database/tables.ts';

/**
 * How a run ended:
 *
 * - `finished`: it completed its work;
 * - `failed`: a model or a tool failed;
 * - `cancelled`: a client cancelled it, or disconnected from a run that is not stored, or its
 *   parent run ended;
 * - `timed_out`, `given_up`, `interrupted`, `not_resumable`, `broken`: the server ended it, see
 *   {@link Ending};
 * - `closed`: a client completed its log while the run was waiting;
 * - `expired`: it waited longer than its conversation is kept;
 * - `superseded`: the client answered the call that it was to answer.
 */
export type EndedAs = NonNullable<LogTable['ended_as']>;

/** An end for which the server writes the log's `error`. */
export type Ending =
  | { readonly as: 'cancelled' | 'broken' }
  /** Its process died, and nothing was stored from which to go on. */
  | { readonly as: 'not_resumable' }
  /** It took longer than a run may. */
  | { readonly as: 'timed_out'; readonly timeoutMs: number }
  /** `times` processes in a row died while they drove it. */
  | { readonly as: 'given_up'; readonly times: number }
  /** It needs keys for these providers, which came with its call only. */
  | { readonly as: 'interrupted'; readonly providers: readonly string[] };

/** The `error` of the log of a run that ended like this, also in its streams. */
export function endingText(ending: Ending): string {
  switch (ending.as) {
    case 'cancelled':
      return 'cancelled';
    case 'broken':
      return 'The run failed because of an error in the server. Look for the id of this log in the log of the server.';
    case 'not_resumable':
      return 'The run was ended because its server stopped, and with `save: false` no other server can go on with it. Call it again.';
    case 'timed_out':
      return `The run was ended because it took longer than ${ending.timeoutMs / 1_000} s. The server sets this limit with \`RUN_TIMEOUT_SECONDS\`.`;
    case 'given_up':
      return `The run was ended because ${ending.times} servers in a row stopped while they ran it. Look for the cause in the logs of the servers.`;
    case 'interrupted':
      return `The run was interrupted because its server stopped, and the keys for ${ending.providers.join(', ')} that came with the call are lost. Send them again as \`provider_api_keys\`: continue the log with empty \`messages\` if it is incomplete, or else call again.`;
  }
}

const serverTexts: Readonly<Record<Ending['as'], true>> = {
  cancelled: true,
  broken: true,
  not_resumable: true,
  timed_out: true,
  given_up: true,
  interrupted: true,
};

/**
 * Whether the server wrote the `error` of a log. Such a text contains no payload, so it is stored
 * even with `save: false`.
 */
export function isServerText(endedAs: EndedAs | null): boolean {
  return endedAs !== null && endedAs in serverTexts;
}
