import { send } from '../../api/client.ts';
import type { ApiRequest } from '../../copy-as/api-request.ts';
import { type Answers, toolMessages } from './answers.ts';

/** The request that answers a waiting run, as the page sends it. */
export function continueRequest(logId: string, answers: Answers): ApiRequest {
  return {
    method: 'POST',
    path: '/v5/agents/continue',
    body: { log_id: logId, messages: toolMessages(answers) },
    python: { method: 'agents.continue_call' },
  };
}

/** Answers a waiting run, which then goes on. @throws as `sendContinue`. */
export async function sendAnswers(logId: string, answers: Answers): Promise<void> {
  await sendContinue(continueRequest(logId, answers).body ?? {});
}

/**
 * Continues a run. It is streamed, so that its words can be followed as they come; who looks at the log
 * follows them by its events.
 *
 * @throws ApiError, when the run no longer waits, among others.
 */
export async function sendContinue(body: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await send(
    new Request(new URL('/v5/agents/continue', location.origin), {
      method: 'POST',
      body: JSON.stringify({ ...body, stream: true }),
      headers: { 'content-type': 'application/json' },
    }),
  );
  // A run that stores nothing ends when its stream is left.
  void response.body?.pipeTo(new WritableStream()).catch(() => undefined);
}
