import { send } from '../../api/client.ts';
import type { ApiRequest } from '../../copy-as/api-request.ts';

/**
 * Starts a fork. Its id is chosen here: the same request again is the same run.
 *
 * @returns when the run has begun.
 * @throws ApiError
 */
export async function startFork(request: ApiRequest, newId: string): Promise<void> {
  const response = await send(
    new Request(new URL(request.path, location.origin), {
      method: 'POST',
      body: JSON.stringify({ ...request.body, log_id: newId, stream: true }),
      headers: { 'content-type': 'application/json' },
    }),
  );
  // The new log is looked at by its events.
  void response.body?.pipeTo(new WritableStream()).catch(() => undefined);
}

/** An id for a log that nobody else has. */
export function newLogId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return `fork_${Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('')}`;
}
