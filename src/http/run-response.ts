import type { FastifyReply } from 'fastify';
import type { Caller } from '../accounts/authenticate.ts';
import type { ReadableRun } from '../runtime/live-run.ts';
import type { RunEvent, VersionedLog } from '../runtime/run-event.ts';
import { readerSignal, sendEvents } from './event-stream.ts';
import { type LogBodiesOptions, logBodies } from './wire/log-bodies.ts';
import { promptCallBody, promptEventBody } from './wire/prompt-call.ts';
import { streamEventBody } from './wire/stream-event.ts';

type Workspace = Caller['workspace'];

/** How a client wants to be told of a run. */
export interface RunResponseOptions {
  readonly stream?: boolean | null | undefined;
  readonly return_inputs?: boolean | null | undefined;
  readonly include_trace_children?: boolean | null | undefined;
}

/** How the runs of a kind are told of. */
export interface RunWire {
  /** Undefined for an event that streams do not carry. */
  readonly event: (event: RunEvent, options: { readonly returnInputs: boolean }) => unknown;
  readonly log: NonNullable<LogBodiesOptions['write']> | undefined;
}

export const agentWire: RunWire = { event: streamEventBody, log: undefined };
export const promptWire: RunWire = { event: promptEventBody, log: promptCallBody };
/** Calls of tools are not streamed. */
export const toolWire: RunWire = { event: () => undefined, log: undefined };

/** Answers with a run: its events as they come, or its log when it has come to rest. */
export async function sendRun(
  reply: FastifyReply,
  workspace: Workspace,
  wire: RunWire,
  run: ReadableRun,
  options: RunResponseOptions,
): Promise<unknown> {
  if (options.stream) return sendEvents(reply, numbered(wire, run, readerSignal(reply), options));
  const outcome = await run.outcome;
  if (outcome.type === 'failed' && outcome.isFirstCall) throw outcome.failure;
  return fullLogBody(workspace, outcome.log, {
    returnInputs: options.return_inputs ?? true,
    withTrace: options.include_trace_children ?? false,
    // Nobody can have judged what was not known to be there.
    withJudgments: false,
    write: wire.log,
  });
}

async function* numbered(
  wire: RunWire,
  run: ReadableRun,
  signal: AbortSignal,
  { return_inputs }: RunResponseOptions,
) {
  for await (const event of run.read(signal)) {
    const body = wire.event(event, { returnInputs: return_inputs ?? true });
    if (body !== undefined) yield { number: event.number, body };
  }
}

/** A log with what its answer shows beside it; see {@link logBodies}. */
export async function fullLogBody(
  workspace: Workspace,
  log: VersionedLog,
  options: LogBodiesOptions,
): Promise<Record<string, unknown>> {
  const [body] = await logBodies(workspace, [log], options);
  return body as Record<string, unknown>;
}
