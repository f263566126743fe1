import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Answered } from '../../idempotency/keyed-requests.ts';

/** A request that has a key, and what its route does with it. */
export interface Handling {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Answers undefined when the answer is being sent already. */
  readonly handle: () => Promise<Answer | undefined>;
}

/**
 * What is to be sent, from what a handler returned and has set; undefined when it has sent it: a
 * reply is awaited until it is sent.
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

/** Whether a header belongs to one message, and not to the answer that it brings. */
function isOfMessage(header: string): boolean {
  return header === 'x-request-id' || header === replayed;
}

const replayed = 'idempotent-replayed';

/** Answers with what was answered before, or has been made just now. */
export function sendAnswer(reply: FastifyReply, { answer, isRepeat }: Answered): FastifyReply {
  const { status, headers, body } = answer;
  if (isRepeat) markRepeat(reply);
  void reply.code(status).headers(headers);
  if (body === null) return reply.send(null);
  if (status >= 400) return reply.send({ ...JSON.parse(body), request_id: reply.request.id });
  return reply.type('application/json; charset=utf-8').send(body);
}

/** Tells a client that an equal request was there before. */
export function markRepeat(reply: FastifyReply): void {
  void reply.header(replayed, 'true');
}
