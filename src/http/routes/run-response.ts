import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/callers.ts';
import { invalid, PlatformError } from '../../kernel/errors.ts';
import { endingText } from '../../logs/ended-as.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { versioned } from '../../logs/versioned-log.ts';
import type { ReadableRun, ReadOptions } from '../../runtime/events/readable-run.ts';
import type { RunEvent } from '../../runtime/events/run-event.ts';
import { type LogBodiesOptions, logBodies } from '../../wire/log-bodies.ts';
import {
  type NumberedEvent,
  numberedEvents,
  readerSignal,
  type StreamEnd,
  type StreamForm,
  sendEvents,
} from '../server/event-stream.ts';
import { asRunFailure } from './run-failure.ts';

type Workspace = Caller['workspace'];

/** The form in which a client wants the answer about a run. */
export interface RunResponseOptions {
  readonly stream?: boolean | null | undefined;
  readonly return_inputs?: boolean | null | undefined;
  readonly include_trace_children?: boolean | null | undefined;
}

/** How answers show the runs of a kind. */
export interface RunWire {
  /** The body of an event; undefined for events that the stream does not have. */
  readonly event: (event: RunEvent, options: { readonly returnInputs: boolean }) => unknown;
  /** The body of the last event of a stream that ends before its run does. */
  readonly brokenOff: (logId: string, message: string) => unknown;
  readonly log: NonNullable<LogBodiesOptions['write']> | undefined;
  /** The format of the stream of a call. */
  readonly form: StreamForm;
}

/** How answers show runs whose streams have no events. */
export const wireWithoutEvents: RunWire = {
  event: () => undefined,
  brokenOff: () => undefined,
  log: undefined,
  form: numberedEvents,
};

/** Answers with a run: with its events as a stream, or with its log when it has come to rest. */
export async function sendRun(
  reply: FastifyReply,
  workspace: Workspace,
  wire: RunWire,
  run: ReadableRun,
  options: RunResponseOptions,
): Promise<unknown> {
  if (options.stream) return sendRunEvents(reply, wire, run, { ...options, toFirstRest: true });
  const outcome = await run.outcome;
  if (outcome.failure) throw asRunFailure(outcome.failure, run.logId);
  return fullLogBody(workspace, outcome.log, {
    returnInputs: options.return_inputs ?? true,
    withTrace: options.include_trace_children ?? false,
    // Do not look for judgments: the log is new, so nothing can have judged it.
    withJudgments: false,
    write: wire.log,
  });
}

/** Answers with the events of a run as a stream. */
export function sendRunEvents(
  reply: FastifyReply,
  wire: RunWire,
  run: ReadableRun,
  options: RunResponseOptions & Omit<ReadOptions, 'signal'>,
): FastifyReply {
  const events = numbered(wire, run, { signal: readerSignal(reply), ...options });
  return sendEvents(reply, events, wire.form);
}

async function* numbered(
  wire: RunWire,
  run: ReadableRun,
  { return_inputs, signal, after, toFirstRest }: RunResponseOptions & ReadOptions,
): AsyncGenerator<NumberedEvent, StreamEnd> {
  try {
    for await (const event of run.read({ signal, after, toFirstRest })) {
      const body = wire.event(event, { returnInputs: return_inputs ?? true });
      if (body !== undefined) yield { number: event.number, body };
    }
    return 'done';
  } catch (error) {
    const message = error instanceof PlatformError ? error.message : endingText({ as: 'broken' });
    const body = wire.brokenOff(run.logId, message);
    if (body !== undefined) yield { number: undefined, body };
    return 'broken_off';
  }
}

/** Answers that a run has started, with its current log. The client reads the outcome later. */
export async function sendAccepted(
  reply: FastifyReply,
  workspace: Workspace,
  wire: RunWire,
  { logId }: ReadableRun,
  options: RunResponseOptions,
): Promise<unknown> {
  const log = await versioned(workspace, await getLog(workspace, logId));
  void reply
    .code(202)
    .header('location', `/v5/logs/${encodeURIComponent(logId)}`)
    .header('preference-applied', respondAsync);
  return fullLogBody(workspace, log, {
    returnInputs: options.return_inputs ?? true,
    withTrace: false,
    withJudgments: false,
    write: wire.log,
  });
}

/** The preference of a client that reads its answer later (RFC 7240). */
const respondAsync = 'respond-async';

/**
 * Whether a request is answered when its run has started. A request for a stream is not.
 *
 * @throws `invalid` with `save: false`, because there would be nothing to read later.
 */
export function wantsAnswerLater(
  { headers }: FastifyRequest,
  { stream, save }: { readonly stream?: boolean | null; readonly save?: boolean | null },
): boolean {
  const preferences = String(headers['prefer'] ?? '')
    .split(',')
    .map((preference) => preference.trim().toLowerCase());
  if (stream || !preferences.includes(respondAsync)) return false;
  if (save !== false) return true;
  throw invalid(
    ['header', 'prefer'],
    'With `save: false` nothing is stored to read later. Leave out `respond-async` and wait for the answer.',
  );
}

/** The body of a log with the data that its answer contains beside it; see {@link logBodies}. */
export async function fullLogBody(
  workspace: Workspace,
  log: VersionedLog,
  options: LogBodiesOptions,
): Promise<Record<string, unknown>> {
  const [body] = await logBodies(workspace, [log], options);
  return body as Record<string, unknown>;
}
