import type { ImportedTraces, OtelTraces } from '../contract/otel-traces.ts';
import { type Workspace, withSavepoint } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import type { LogParts } from '../logs/log-parts.ts';
import { recordLog } from '../logs/record-log.ts';
import { endFlow } from './end-flow.ts';
import type { FlowEnd } from './flow-span.ts';
import { logOfSpan } from './log-of-span.ts';
import type { NewLog } from './new-log.ts';
import { readSpan, spansIn } from './read-spans.ts';
import { partialSuccess, type Rejection, rejectionOf } from './rejection.ts';

/**
 * Seconds after a trace was completed in which its steps are still taken: clients send them from a
 * queue, or at once with the end.
 */
const graceSeconds = 60;

/** Spans of one payload; clients send one. */
const mostSpans = 1_000;

/**
 * Keeps the spans that the decorators of v5 clients send: each call of a tool or of a model becomes
 * a log, and the end of a flow closes the log that was made at its beginning. Spans of others are
 * passed over.
 *
 * Each span is kept by itself, or rejected. These clients stop sending spans for good at the first
 * error, so a request of which the payload can be read is none. A span that comes again makes no
 * second log, so a payload can be sent again as it is.
 */
export async function importTraces(
  parts: LogParts,
  workspace: Workspace,
  payload: OtelTraces,
): Promise<ImportedTraces> {
  const records: string[] = [];
  const rejections: Rejection[] = [];
  const spans = spansIn(payload);
  for (const raw of spans.slice(0, mostSpans)) {
    try {
      const log = logOfSpan(readSpan(raw));
      if (!log) continue;
      records.push(await withSavepoint(workspace, () => keep(parts, workspace, log)));
    } catch (error) {
      rejections.push(rejectionOf(raw, error));
    }
  }
  const tooMany = invalid(['body'], `A payload has at most ${mostSpans} spans.`);
  for (const raw of spans.slice(mostSpans)) rejections.push(rejectionOf(raw, tooMany));
  return { records, ...partialSuccess(rejections) };
}

async function keep(parts: LogParts, workspace: Workspace, log: NewLog | FlowEnd): Promise<string> {
  if ('update' in log) return endFlow(parts, workspace, log);
  const { kind, spec, request } = log;
  const grace = { now: parts.clock.now(), seconds: graceSeconds };
  const version = { selector: {}, inlineSpec: spec, grace };
  const { id } = await recordLog(parts, workspace, kind, version, request);
  return id;
}
