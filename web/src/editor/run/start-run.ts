import { send, sendJson } from '../../api/client.ts';
import type { ChatMessage } from '../../api/types.ts';
import { bodyOf, type Spec } from '../spec/spec.ts';

/** What is run: a version as it is stored, or a draft. */
export interface RunRequest {
  readonly fileId: string;
  readonly spec: Spec;
  /** Undefined: the draft itself, of which the server makes a version that nobody has committed. */
  readonly versionId: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly messages: readonly ChatMessage[];
}

/**
 * Starts a run, and lets go of its stream: the run belongs to the server, and whoever shows its log joins
 * the stream again. The same way leads back to it after a reload, or when the line was cut.
 *
 * @param logId the id of the run's log. The same request with the same id starts nothing twice.
 * @throws ApiError when the server refuses it; it has then not run.
 */
export async function startRun(
  logId: string,
  { fileId, spec, versionId, inputs, messages }: RunRequest,
): Promise<void> {
  const query = versionId ? `?version_id=${encodeURIComponent(versionId)}` : '';
  const request = new Request(new URL(`/v5/${spec.kind}s/call${query}`, location.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      id: fileId,
      ...(versionId ? {} : { [spec.kind]: bodyOf(spec) }),
      inputs,
      messages,
      log_id: logId,
      source: 'editor',
      stream: true,
    }),
  });
  const { body } = await send(request);
  await body?.cancel();
}

/** Ends a run, in whatever state it is. @throws ApiError */
export async function cancelRun(logId: string): Promise<void> {
  await sendJson('POST', `/v5/logs/${encodeURIComponent(logId)}/cancel`, {});
}

/** An id for a log that nothing else has. */
export function newLogId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `run_${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
