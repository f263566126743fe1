import { send, sendJson } from '../../api/client.ts';

/**
 * Starts a run, and lets go of its stream: the run belongs to the server, and whoever shows its log joins
 * the stream again. The same way leads back to it after a reload, or when the line was cut.
 *
 * @param logId the id of the run's log. The same request with the same id starts nothing twice.
 * @throws ApiError when the server refuses it; it has then not run.
 */
export async function startStreamed(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  logId: string,
): Promise<void> {
  const request = new Request(new URL(path, location.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ ...fields, log_id: logId, stream: true }),
  });
  const { body } = await send(request);
  await body?.cancel();
}

/** Ends a run, in whatever state it is. @throws ApiError */
export async function cancelRun(logId: string): Promise<void> {
  await sendJson('POST', `/v5/logs/${encodeURIComponent(logId)}/cancel`, {});
}

/** An id for a log that nothing else has. @param start what it begins with, for who reads it. */
export function newLogId(start: 'run' | 'fork'): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${start}_${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
