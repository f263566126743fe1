import type { ImportedTraces, OtelTraces } from '../contract/otel-traces.ts';
import { type Workspace, withSavepoint } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { longTurn } from '../kernel/long-turns.ts';
import type { LogParts } from '../logs/log-parts.ts';
import { recordLog } from '../logs/record-log.ts';
import { endFlow } from './end-flow.ts';
import type { FlowEnd } from './flow-span.ts';
import type { NewLog } from './new-log.ts';
import { readSpanLog } from './read-span-log.ts';
import { readSpan, spansIn } from './read-spans.ts';
import { partialSuccess, type Rejection, toRejection } from './rejection.ts';

/**
 * Seconds after the completion of a trace in which its steps are still accepted: clients send steps
 * from a queue, or at the same time as the end.
 */
const graceSeconds = 60;

/** The most spans of one payload; clients send one. */
const mostSpans = 1_000;

/**
 * Stores the spans that the decorators of v5 clients send. Each call of a tool or a model becomes a
 * log, and the end of a flow completes the log that was made at its start. Other spans are skipped.
 *
 * Each span is stored or rejected on its own. These clients stop sending spans forever after the
 * first HTTP error, so a request with a readable payload never fails. A repeated span makes no
 * second log, so a payload can be sent again.
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
      const span = readSpan(raw);
      // A span may have very many attributes: others are answered between the two steps.
      await longTurn(workspace.organizationId);
      const log = readSpanLog(span);
      if (!log) continue;
      records.push(await withSavepoint(workspace, () => keep(parts, workspace, log)));
    } catch (error) {
      rejections.push(toRejection(raw, error));
    }
  }
  const tooMany = invalid(['body'], `A payload can have at most ${mostSpans} spans.`);
  for (const raw of spans.slice(mostSpans)) rejections.push(toRejection(raw, tooMany));
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
