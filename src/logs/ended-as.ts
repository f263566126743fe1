import type { LogTable } from '../database/tables.ts';

/**
 * How a run ended:
 *
 * - `finished`: it did what it was called for; `failed`: a model or a tool did not do its part;
 * - `cancelled`: somebody wanted it no more;
 * - `timed_out`, `given_up`, `interrupted`, `not_resumable`, `broken`: the server ended it, see
 *   {@link Ending};
 * - `closed`: its log was completed while it waited; `expired`: it waited longer than its
 *   conversation may be kept; `superseded`: the call that it was to answer was answered otherwise.
 */
export type EndedAs = NonNullable<LogTable['ended_as']>;

/** An end that the server gives a run, and tells in its own words. */
export type Ending =
  | { readonly as: 'cancelled' | 'broken' }
  /** Its server died, and nothing was stored to go on with. */
  | { readonly as: 'not_resumable' }
  /** It took longer than it may. */
  | { readonly as: 'timed_out'; readonly timeoutMs: number }
  /** It used up so many processes that drove it. */
  | { readonly as: 'given_up'; readonly times: number }
  /** It needs keys for these providers, which only its call had. */
  | { readonly as: 'interrupted'; readonly providers: readonly string[] };

/** What the log of a run says as its `error`, and what its streams tell. */
export function endingText(ending: Ending): string {
  switch (ending.as) {
    case 'cancelled':
      return 'cancelled';
    case 'broken':
      return 'The run broke by a fault of the server.';
    case 'not_resumable':
      return 'The server that drove the run is gone, and with `save: false` nothing is stored to go on with.';
    case 'timed_out':
      return `The run was ended: it took longer than ${ending.timeoutMs / 1_000} s.`;
    case 'given_up':
      return `The run was given up: ${ending.times} servers in a row stopped while they drove it.`;
    case 'interrupted':
      return `The run was interrupted: the server that drove it is gone, and with it the keys that its call brought for ${ending.providers.join(', ')}. Continue it with \`provider_api_keys\` and empty \`messages\`.`;
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
 * Whether the error of a log is in the server's words. It repeats nothing that was said in the run,
 * so it is stored with `save: false`, too.
 */
export function isServerText(endedAs: EndedAs | null): boolean {
  return endedAs !== null && endedAs in serverTexts;
}
