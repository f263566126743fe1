import type { ChatMessage } from '../../api/types.ts';
import { startStreamed } from '../../logs/live/run-requests.ts';
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
 * Starts a run from the editor.
 *
 * @param logId the id of the run's log. The same request with the same id starts nothing twice.
 * @throws ApiError when the server refuses it; it has then not run.
 */
export async function startRun(
  logId: string,
  { fileId, spec, versionId, inputs, messages }: RunRequest,
): Promise<void> {
  const query = versionId ? `?version_id=${encodeURIComponent(versionId)}` : '';
  const fields = {
    id: fileId,
    ...(versionId ? {} : { [spec.kind]: bodyOf(spec) }),
    inputs,
    messages,
    source: 'editor',
  };
  await startStreamed(`/v5/${spec.kind}s/call${query}`, fields, logId);
}
