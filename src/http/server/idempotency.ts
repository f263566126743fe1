import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { KeyedRequest, KeyedRequests } from '../../idempotency/keyed-requests.ts';
import { invalid } from '../../kernel/errors.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import { finishedAnswer, type Handling, sendAnswer } from './keyed-answer.ts';
import { answerRun } from './keyed-run.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Takes no `Idempotency-Key`: its answer has a secret that is shown once, its body has a password, it
     * cannot be done in one transaction, or it changes nothing and its answer is no JSON.
     */
    readonly unkeyed?: boolean;
  }
}

/**
 * Makes the writes of a scope accept the header `Idempotency-Key`: equal requests with one key have
 * one effect and one answer. Requests without the header work as before.
 *
 * The handler of a write must return its answer and not send it, because the answer is committed
 * first. The exception is the stream of a run.
 */
export function takeIdempotencyKeys(keyed: KeyedRequests): (route: RouteOptions) => void {
  return (route) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(String(route.method))) return;
    if (route.config?.unkeyed) return;
    const { handler } = route;
    route.handler = function (request, reply) {
      const key = request.headers['idempotency-key'];
      if (key === undefined) return handler.call(this, request, reply);
      const named = { key: checkedKey(key), fingerprint: requestFingerprint(request) };
      const handle = async () => finishedAnswer(reply, await handler.call(this, request, reply));
      const answer = request.routeOptions.config.run ? answerRun : answerWrite;
      return answer(keyed, named, { request, reply, handle });
    };
  };
}

async function answerWrite(
  keyed: KeyedRequests,
  named: KeyedRequest,
  { request, reply, handle }: Handling,
): Promise<FastifyReply> {
  const { caller } = request;
  const answered = await keyed.answerInOneCommit(caller.workspace, named, async (workspace) => {
    request.caller = { ...caller, workspace };
    const answer = await handle();
    if (!answer) throw new Error(`${request.routeOptions.url} answers before it has committed.`);
    return answer;
  });
  return sendAnswer(reply, answered);
}

/** Accepts any text that fits into a header and is no longer than a name. */
function checkedKey(key: string | readonly string[]): string {
  if (typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw invalid(
    ['header', 'idempotency-key'],
    'An Idempotency-Key must have 1 to 255 printable ASCII characters.',
  );
}

/**
 * Equal for equal requests of an organization: the format of the body and the sender do not count.
 */
function requestFingerprint({ method, routeOptions, params, query, body }: FastifyRequest): string {
  return fingerprint({ method, route: routeOptions.url, params, query, body });
}
