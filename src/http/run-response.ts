import type { FastifyReply } from 'fastify';
import type { Caller } from '../accounts/authenticate.ts';
import { findVersionsById } from '../files/file-queries.ts';
import { linkedFilesOf } from '../files/linked-files.ts';
import { traceBelow } from '../logs/trace-tree.ts';
import type { ReadableRun } from '../runtime/live-run.ts';
import type { VersionedLog } from '../runtime/run-event.ts';
import { readerSignal, sendEvents } from './event-stream.ts';
import { type LogBodyOptions, logBody, type Versions } from './wire/log.ts';
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
  });
}

async function* numbered(run: ReadableRun, signal: AbortSignal) {
  for await (const event of run.read(signal)) {
    yield { number: event.number, body: streamEventBody(event) };
  }
}

/** A log with the files that its version links to and, if asked for, the logs below it. */
export async function fullLogBody(
  workspace: Workspace,
  log: VersionedLog,
  {
    withTrace,
    ...options
  }: { readonly withTrace: boolean } & Omit<LogBodyOptions, 'trace' | 'linked'>,
): Promise<Record<string, unknown>> {
  return logBody(log, {
    ...options,
    linked: await linkedFilesOf(workspace, log.version),
    trace: withTrace ? await traceOf(workspace, [log.view.record.id]) : undefined,
  });
}

/** The logs below some logs, and the versions that made them. */
export async function traceOf(
  workspace: Workspace,
  ids: readonly string[],
): Promise<NonNullable<LogBodyOptions['trace']>> {
  const tree = await traceBelow(workspace, ids);
  const views = [...tree.values()].flat();
  const versions: Versions = await findVersionsById(
    workspace,
    views.map(({ record }) => record.version_id),
  );
  return { tree, versions };
}
