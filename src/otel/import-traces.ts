import type { OtelTraces } from '../contract/otel-traces.ts';
import type { Workspace } from '../database/workspace.ts';
import { PlatformError } from '../kernel/errors.ts';
import { recordLog } from '../runtime/record-log.ts';
import type { RuntimeParts } from '../runtime/runtime-parts.ts';
import { endFlow } from './end-flow.ts';
import type { FlowEnd } from './flow-span.ts';
import { logOfSpan } from './log-of-span.ts';
import type { NewLog } from './new-log.ts';
import { type RawSpan, readSpan, spansIn } from './read-spans.ts';

/**
 * Seconds after a trace was completed in which its steps are still taken: clients send them from a
 * queue, or at once with the end.
 */
const graceSeconds = 60;

/**
 * Keeps the spans that the decorators of v5 clients send: each call of a tool or of a model becomes
 * a log, and the end of a flow closes the log that was made at its beginning. Spans of others are
 * passed over.
 *
 * A payload of which one span cannot be read is refused whole. What is read is kept span by span;
 * where one is refused, those before it stay. A span that comes again makes no second log, so a
 * payload can be sent again as it is.
 *
 * @returns the ids of the logs, in the order of the spans.
 * @throws `invalid`, with the place of the span; see also `recordLog` and `changeLog`.
 */
export async function importTraces(
  parts: RuntimeParts,
  workspace: Workspace,
  payload: OtelTraces,
): Promise<readonly string[]> {
  const steps: { readonly raw: RawSpan; readonly log: NewLog | FlowEnd }[] = [];
  for (const raw of spansIn(payload)) {
    const log = await placed(raw, async () => logOfSpan(readSpan(raw)));
    if (log) steps.push({ raw, log });
  }
  const ids: string[] = [];
  for (const { raw, log } of steps) {
    ids.push(await placed(raw, () => keep(parts, workspace, log)));
  }
  return ids;
}

async function keep(
  parts: RuntimeParts,
  workspace: Workspace,
  log: NewLog | FlowEnd,
): Promise<string> {
  if ('update' in log) return endFlow(parts, workspace, log);
  const { kind, spec, request } = log;
  const grace = { now: parts.clock.now(), seconds: graceSeconds };
  const version = { selector: {}, inlineSpec: spec, grace };
  const { id } = await recordLog(parts, workspace, kind, version, request);
  return id;
}

/** Does something about a span; what is found at fault is told with the place of the span. */
async function placed<Result>({ place }: RawSpan, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PlatformError) || !error.faults) throw error;
    const { category, code, message } = error;
    const faults = error.faults.map(({ loc, ...fault }) => ({
      ...fault,
      loc: ['body', ...place, ...loc.slice(1)],
    }));
    throw new PlatformError(category, code, message, { faults, cause: error });
  }
}
