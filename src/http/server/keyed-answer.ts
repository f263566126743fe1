import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Answered } from '../../idempotency/keyed-requests.ts';
import { parseExactJson } from '../../kernel/exact-json.ts';

/** A request with a key, and the handler of its route. */
export interface Handling {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Returns undefined if the answer is being sent already. */
  readonly handle: () => Promise<Answer | undefined>;
}

/**
 * The answer that a handler has returned and set on its reply. Undefined if the handler sends the
 * answer itself; this function then waits until it is sent.
 */
export function finishedAnswer(reply: FastifyReply, body: unknown): Answer | undefined {
  if (body === undefined) return undefined;
  const headers = Object.entries(reply.getHeaders()).filter(([name]) => !isOfMessage(name));
  return {
    status: reply.statusCode,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: body === null ? null : JSON.stringify(body),
  };
}

/** Whether a header belongs to one HTTP message only, and is not stored with the answer. */
function isOfMessage(header: string): boolean {
  return header === 'x-request-id' || header === replayed;
}

const replayed = 'idempotent-replayed';

/** Sends an answer, either a stored or a new one. */
export function sendAnswer(reply: FastifyReply, { answer, isRepeat }: Answered): FastifyReply {
  const { status, headers, body } = answer;
  if (isRepeat) markRepeat(reply);
  void reply.code(status).headers(headers);
  if (body === null) return reply.send(null);
  if (status >= 400)
    return reply.send({ ...(parseExactJson(body) as object), request_id: reply.request.id });
  return reply.type('application/json; charset=utf-8').send(body);
}

/** Marks the answer as a repeat. */
export function markRepeat(reply: FastifyReply): void {
  void reply.header(replayed, 'true');
}
