import type { FastifyReply } from 'fastify';
import type { Caller } from '../accounts/authenticate.ts';
import type { ReadableRun } from '../runtime/live-run.ts';
import type { VersionedLog } from '../runtime/run-event.ts';
import { readerSignal, sendEvents } from './event-stream.ts';
import { type LogBodiesOptions, logBodies } from './wire/log-bodies.ts';
import { streamEventBody } from './wire/stream-event.ts';

type Workspace = Caller['workspace'];

/** How a client wants to be told of a run. */
export interface RunResponseOptions {
  readonly stream?: boolean | null | undefined;
  readonly return_inputs?: boolean | null | undefined;
  readonly include_trace_children?: boolean | null | undefined;
}

/** Answers with a run: its events as they come, or its log when it has come to rest. */
export async function sendRun(
  reply: FastifyReply,
  workspace: Workspace,
  run: ReadableRun,
  options: RunResponseOptions,
): Promise<unknown> {
  if (options.stream) return sendEvents(reply, numbered(run, readerSignal(reply)));
  const outcome = await run.outcome;
  if (outcome.type === 'failed' && outcome.isFirstCall) throw outcome.failure;
  return fullLogBody(workspace, outcome.log, {
    returnInputs: options.return_inputs ?? true,
    withTrace: options.include_trace_children ?? false,
    // Nobody can have judged what was not known to be there.
    withJudgments: false,
  });
}

async function* numbered(run: ReadableRun, signal: AbortSignal) {
  for await (const event of run.read(signal)) {
    yield { number: event.number, body: streamEventBody(event) };
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
