import type { Answerer } from '../../contract/spans.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** The server is stopping. Its runs are on disk, and another process can take them over. */
export const serverStopping = () =>
  new PlatformError(
    'unavailable',
    'server_stopping',
    'The server is stopping. It starts no new runs; runs in progress continue on another server or after a restart.',
    { retryAfterSeconds: 5 },
  );

/** Most runs come to rest within seconds, so a short wait is enough. */
export const tooManyRuns = (atOnce: number) =>
  new PlatformError(
    'too_many',
    'too_many_runs',
    `Your organization already has ${atOnce} ${atOnce === 1 ? 'run' : 'runs'} in progress, which is its limit (RUN_CONCURRENCY_PER_ORGANIZATION). Try again when one has finished.`,
    { retryAfterSeconds: 5 },
  );

export const tooManyRunsHere = (atOnce: number) =>
  new PlatformError(
    'too_many',
    'too_many_runs',
    `This server already has ${atOnce} runs of your organization in progress, counting those below other runs, which is its limit (RUN_CONCURRENCY_PER_ORGANIZATION is not set). Try again when one has finished.`,
    { retryAfterSeconds: 5 },
  );

/** A run that has ended cannot be cancelled. */
export const runEnded = (logId: string) =>
  new PlatformError(
    'conflict',
    'run_ended',
    `Log \`${logId}\` cannot be cancelled: its run has already ended.`,
  );

/**
 * The parent run drives its other child runs, and must suspend before a client continues this one.
 */
export const parentUnderWay = (logId: string, parentId: string) =>
  new PlatformError(
    'conflict',
    'parent_under_way',
    `Log \`${logId}\` cannot be continued yet: its parent, log \`${parentId}\`, is still running other tools. Try again when log \`${parentId}\` is suspended.`,
  );

/** The events of a run are deleted some time after it has ended. */
export const eventsGone = (logId: string) =>
  new PlatformError(
    'not_found',
    'events_gone',
    `The events of log \`${logId}\` are not available: its run ended more than an hour ago, its payloads are not stored, or it is not the log of a call. Read the log for the outcome.`,
  );

export const notSuspended = (logId: string, why: string) =>
  new PlatformError('conflict', 'not_suspended', `Log \`${logId}\` cannot be continued: ${why}`);

export const cannotFork = (logId: string, why: string) =>
  new PlatformError('conflict', 'cannot_fork', `Log \`${logId}\` cannot be forked: ${why}`);

/** @param first who was first; undefined when it is not known. */
export const continueUnderWay = (logId: string, first?: Answerer) =>
  new PlatformError(
    'conflict',
    'continue_under_way',
    `Log \`${logId}\` is already being continued by ${first ? nameOf(first) : 'another request'} with different messages.`,
  );

function nameOf({ member, api_key: key }: Answerer): string {
  const person = member && (member.full_name ?? member.email_address);
  if (!key) return person ?? 'another request';
  return `a program with the API key \`${key.name}\`${person ? ` of ${person}` : ''}`;
}
