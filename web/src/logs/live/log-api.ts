import { readExact, readJson } from '../../api/client.ts';
import { readEvents } from '../../api/event-stream.ts';
import type { LogResponse } from '../../api/types.ts';
import type { SpanPage } from '../trace/span.ts';
import type { AgentEvent, PromptPiece } from './agent-event.ts';

/** A log alone, with its payloads. @throws ApiError */
export function readLog(logId: string, signal?: AbortSignal): Promise<LogResponse> {
  const path = `/v5/logs/${encodeURIComponent(logId)}?include_trace_children=false`;
  return readExact<LogResponse>(path, signal && { signal });
}

/**
 * The spans of a log and of all below it, page by page.
 *
 * @param since only what has changed since then.
 */
export async function* readSpans(
  logId: string,
  { since, signal }: { readonly since?: string | null; readonly signal: AbortSignal },
): AsyncGenerator<SpanPage> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      ...(since ? { since } : {}),
      ...(cursor === null ? {} : { cursor }),
    });
    const path = `/v5/logs/${encodeURIComponent(logId)}/spans?${query}`;
    const page: SpanPage = await readJson<SpanPage>(path, { signal });
    yield page;
    cursor = page.next_cursor;
  } while (cursor !== null);
}

/** The events of a run that come after a number, until the run rests. Yields as `readEvents` does. */
export function followRun(logId: string, after: number, signal: AbortSignal) {
  const path = `/v5/logs/${encodeURIComponent(logId)}/events?after=${after}`;
  return readEvents<AgentEvent | PromptPiece>(
    new Request(new URL(path, location.origin), { signal }),
  );
}
